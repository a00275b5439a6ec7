import type { SettledCall } from "../call.ts";
import type { Logger } from "../engine/engine.ts";
import type { BegunCall, Observation, Observer, Watched } from "./observer.ts";

/** All observers of an outlet as one, which never throws. */
export interface Observing {
  begin(call: BegunCall): Observation;
}

/** `null` where nobody observes. */
export function createObserving(
  observers: readonly Observer[],
  watched: Watched,
  { error: log }: Pick<Logger, "error">,
): Observing | null {
  if (observers.length === 0) return null;
  const threw = (err: unknown) => log({ err }, "an observer threw");
  for (const observer of observers) observer.attach?.(watched);

  function begun(observer: Observer, call: BegunCall): Observation | undefined {
    try {
      return observer.begin(call);
    } catch (err) {
      threw(err);
      return undefined;
    }
  }

  return {
    begin(call) {
      const observations: Observation[] = [];
      for (const observer of observers) {
        const observation = begun(observer, call);
        if (observation) observations.push(observation);
      }
      const end = (settled: SettledCall) => {
        for (const observation of observations) {
          try {
            observation.end(settled);
          } catch (err) {
            threw(err);
          }
        }
      };
      const runners = observations.filter(({ run }) => run !== undefined);
      return runners.length === 0 ? { end } : { end, run: (work) => runIn(runners, 0, work, threw) };
    },
  };
}

/** Runs the work once, whatever an observer makes of it. */
function runIn<Result>(
  runners: readonly Observation[],
  at: number,
  work: () => Result,
  threw: (err: unknown) => void,
): Result {
  const runner = runners[at];
  if (!runner?.run) return work();
  let result: { readonly value: Result } | { readonly error: unknown } | null = null;
  try {
    runner.run(() => {
      try {
        result = { value: runIn(runners, at + 1, work, threw) };
      } catch (error) {
        result = { error };
      }
    });
  } catch (err) {
    threw(err);
  }
  const ran = result as { readonly value: Result } | { readonly error: unknown } | null;
  if (ran === null) return runIn(runners, at + 1, work, threw);
  if ("error" in ran) throw ran.error;
  return ran.value;
}
