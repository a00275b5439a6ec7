import type { Bench } from "../bench.ts";
import { type FixedRate, fixedRate } from "../load/fixed-rate.ts";
import type { Order } from "../load/requests.ts";
import { quantile } from "../stats.ts";
import type { Target } from "../targets.ts";
import { pairsOf } from "./slices.ts";

/** How long a reply takes at a rate that leaves every target idle most of the time. */
export function measureLatency(bench: Bench): Promise<void> {
  const { rate, manyRounds } = bench.settings;
  const load = { order: "plain", perSecond: rate, until: "end", rounds: manyRounds } as const;
  return measureAtRest(bench, "latency", load, { p50: 0.5, p99: 0.99 });
}

/** How long the first byte of a stream takes, from an upstream that sends it at once. */
export function measureFirstToken(bench: Bench): Promise<void> {
  const { streamRate, rounds } = bench.settings;
  const load = { order: "brief", perSecond: streamRate, until: "first-byte", rounds } as const;
  return measureAtRest(bench, "first token", load, { "first token": 0.5 });
}

type Load = Pick<FixedRate, "perSecond" | "until"> & { order: Order; rounds: number };

/**
 * What a target adds to the times of `direct`, and what the pipe adds beside it: two targets at a time, in turns with these two, for the same
 * reasons as in slices. `quantiles`: measure → which of the round's times.
 */
async function measureAtRest(
  bench: Bench,
  section: string,
  { order, rounds, ...load }: Load,
  quantiles: Readonly<Record<string, number>>,
): Promise<void> {
  const { settings, samples } = bench;
  const targets = settings.targets.filter(({ only }) => only === undefined);
  const [direct, pipe] = ["direct", "pipe"].map((name) => targets.find((target) => target.name === name));
  if (!direct || !pipe) return;
  const others = targets.filter((target) => target !== direct && target !== pipe);
  for (let round = 0; round < rounds; round++) {
    console.error(`${section}: round ${round + 1} of ${rounds}`);
    for (const pair of pairsOf(others, round)) {
      const times = new Map<Target, number[]>();
      for (const target of [pipe, ...pair]) await bench.wake(target, order).catch(() => {});
      for (let turn = 0; turn < settings.fixedRateTurns; turn++) {
        for (const target of [direct, pipe, ...(turn % 2 === 0 ? pair : pair.toReversed())]) {
          try {
            const { port, request } = await bench.running(target);
            const seconds = settings.fixedRateSeconds;
            const took = await fixedRate({ port, request: request(order), seconds, ...load });
            times.set(target, [...(times.get(target) ?? []), ...took]);
          } catch (error) {
            await bench.failed(section, target, error as Error);
          }
        }
      }
      for (const [measure, share] of Object.entries(quantiles)) {
        const added = (target: Target) =>
          quantile(times.get(target) ?? [], share) - quantile(times.get(direct) ?? [], share);
        for (const target of pair) {
          samples.add(`added ${measure}`, target.name, round, added(target));
          samples.add(`pipe's ${measure}`, target.name, round, added(pipe));
        }
        const known = samples.values(`added ${measure}`, pipe.name).length;
        samples.add(`added ${measure}`, pipe.name, known, added(pipe));
        samples.add(`pipe's ${measure}`, pipe.name, known, added(pipe));
      }
    }
  }
}
