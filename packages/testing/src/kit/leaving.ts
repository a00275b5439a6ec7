import assert from "node:assert/strict";
import type { SettledCall } from "@outlet/core";
import type { RequirementContext } from "../requirement.ts";
import type { Departure } from "./departures.ts";
import { eventReader } from "./event-stream.ts";
import type { HeldEngine } from "./held-engines.ts";
import type { RawRequest } from "./http-client.ts";
import type { EngineCall, ScriptedEngines } from "./scripted-engines.ts";
import { within } from "./within.ts";

/** How long an engine may go on after its server has noticed that the client has left, in milliseconds. */
const STOPPED_WITHIN_MS = 100;
/** A busy machine may hold a thread up for longer than that, now and then; a server that is late is late every time. */
const TRIES = 3;

/** Some streams have events that tell of their beginning, before there is anything to bill. */
const SAYS_SOMETHING = /^\{"type":"[\w.]+\.delta"|"choices":/;

interface Leaving {
  readonly request: RawRequest;
  /** What answers, made anew for every try. */
  readonly engine: () => HeldEngine;
  /** How many calls of the engine the request makes. Default: 1. */
  readonly calls?: number;
}

/** Leaves as soon as the engine was reached: all of its calls must be stopped in time, and the request settled as cancelled. */
export function leavesBeforeReply(context: RequirementContext, { request, engine, calls }: Leaving): Promise<void> {
  const { http, engines } = context;
  return stopsInTime(context, async (departure) => {
    const { script, closed } = engine();
    engines.play(script);
    const reached = callsOf(engines, calls);
    const begun = http.begin(announced(request, departure));
    const own = await reached;
    departure.begin();
    begun.leave();
    await assert.rejects(within("the client's own abort", begun.response), "the client got a reply after it had left");
    return { calls: own, closed };
  });
}

/** The same after the first event that says something, which must be billed. */
export function leavesMidStream(context: RequirementContext, { request, engine, calls }: Leaving): Promise<void> {
  const { http, engines } = context;
  const billed = ({ usage }: SettledCall) =>
    assert.ok(usage && usage.output_tokens > 0, "what was said until then is not metered");
  return stopsInTime(
    context,
    async (departure) => {
      const { script, closed } = engine();
      engines.play(script);
      const reached = callsOf(engines, calls);
      const opened = await http.open(announced(request, departure));
      const reader = eventReader(opened);
      let said: string | null = "";
      while (said !== null && !SAYS_SOMETHING.test(said)) said = await reader.next();
      assert.ok(said !== null, "the stream ended before it said anything");
      const own = await reached;
      for (const { signal } of own) assert.ok(!signal.aborted, "an engine was stopped before the client left");
      departure.begin();
      opened.leave();
      return { calls: own, closed };
    },
    billed,
  );
}

interface Left {
  /** The calls that the engine got. */
  readonly calls: readonly EngineCall[];
  /** When their streams have been closed. */
  readonly closed?: Promise<void> | undefined;
}

/** Holds a client's leaving to all that it must bring about. */
export async function stopsInTime(
  { departures, settled }: Pick<RequirementContext, "departures" | "settled">,
  leave: (departure: Departure) => Promise<Left>,
  check: (record: SettledCall) => void = () => {},
): Promise<void> {
  for (let tries = 1; ; tries++) {
    const departure = departures.announce();
    const { calls, closed } = await leave(departure);
    const times: number[] = [];
    for (const call of calls) times.push(await departure.stoppedAfterMs(call));
    if (closed) await within("the closing of the engine's stream", closed);
    const record = await settled.of(calls[0]?.requestId);
    assert.equal(record.outcome, "cancelled");
    check(record);
    const ms = Math.max(...times);
    if (ms <= STOPPED_WITHIN_MS) return;
    assert.ok(tries < TRIES, `the engine was stopped ${Math.round(ms)} ms after the client's leaving was noticed`);
  }
}

/** The calls that reach an engine from now on, when there are so many of them. */
async function callsOf(engines: ScriptedEngines, count = 1): Promise<readonly EngineCall[]> {
  const before = engines.calls.length;
  while (engines.calls.length < before + count) await within("the engine's call", engines.nextCall());
  return engines.calls.slice(before);
}

function announced(request: RawRequest, { headers }: Departure): RawRequest {
  return { ...request, headers: { ...request.headers, ...headers } };
}
