import { createOutlet, defineModel, type Engine, type SettledCall } from "@outlet/core";
import { nodeListener } from "@outlet/core/node";
import { openai } from "@outlet/engine-openai";
import { afterAll, describe, expect, test } from "vitest";
import { listen } from "../kit/servers.ts";
import { askAndLeave } from "./client.ts";
import { counts, expectNothingLeft } from "./leaks.ts";
import { EVENTS, FIRST, type Play, rawUpstream } from "./raw-upstream.ts";

let play: Play = () => {};
let reached = Promise.withResolvers<void>();
let settled = Promise.withResolvers<SettledCall>();
const signals: AbortSignal[] = [];
const upstream = await rawUpstream(() => play);

const never = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
const endless = async function* () {
  while (true) {
    yield { choices: [{ index: 0, delta: { content: "x" }, finish_reason: null }] } as never;
    await new Promise((resolve) => setImmediate(resolve));
  }
};

/** Engines that do not end by themselves; `deaf` ones do not look at the signal either. */
const engines: Record<string, Engine> = {
  "function that waits for the signal": defineModel(({ signal }) => never(signal)),
  "function that speaks, then waits": defineModel(async function* ({ signal }) {
    yield "one";
    await never(signal);
  }),
  "function that is deaf": defineModel(() => new Promise<never>(() => {})),
  "function that speaks for ever": defineModel(async function* () {
    while (true) {
      yield "x";
      await new Promise((resolve) => setImmediate(resolve));
    }
  }),
  "engine that is deaf": { specificationVersion: "v1", chat: () => new Promise<never>(() => {}) },
  "engine that speaks for ever": { specificationVersion: "v1", chat: endless },
  "engine that goes on after it was stopped": {
    specificationVersion: "v1",
    chat: () => {
      const chunks = endless();
      return {
        [Symbol.asyncIterator]: () => ({ next: () => chunks.next(), return: () => chunks.next() }),
      } as AsyncIterable<never>;
    },
  },
  upstream: openai({ baseURL: upstream.baseURL, maxRetries: 0 }),
};
const remembering = (engine: Engine): Engine => ({
  ...engine,
  ...(engine.chat && { chat: (request, context) => remember(context.signal, () => engine.chat?.(request, context)) }),
  ...(engine.forward && {
    forward: (request, context) => remember(context.signal, () => engine.forward?.(request, context)),
  }),
});

function remember<T>(signal: AbortSignal, work: () => T | undefined): T {
  signals.push(signal);
  const answer = work();
  reached.resolve();
  return answer as T;
}

const silent = { error: () => {}, warn: () => {} };
const outlet = createOutlet({
  models: Object.fromEntries(Object.entries(engines).map(([name, engine]) => [name, remembering(engine)])),
  access: "open",
  logger: silent,
  onSettle: (call) => settled.resolve(call),
});
const served = await listen(nodeListener(outlet), () => outlet.close({ graceMs: 0 }));
afterAll(async () => {
  await served.close();
  await upstream.close();
});

const silentUpstream: Play = () => {};
const speakingUpstream: Play = (socket) => {
  socket.write(EVENTS);
  const timer = setInterval(() => socket.write(FIRST), 1);
  socket.on("close", () => clearInterval(timer));
};

const cases = [
  ...Object.keys(engines).flatMap((model) => [
    { model, stream: false, cue: "reached" as const, play: silentUpstream },
    { model, stream: true, cue: "reached" as const, play: silentUpstream },
  ]),
  ...[
    "function that speaks, then waits",
    "function that speaks for ever",
    "engine that speaks for ever",
    "engine that goes on after it was stopped",
    "upstream",
  ].map((model) => ({ model, stream: true, cue: "first byte" as const, play: speakingUpstream })),
];

describe("a client leaves", () => {
  test.each(cases)("a $model, stream: $stream, at: $cue", async ({ model, stream, cue, play: playing }) => {
    play = playing;
    signals.length = 0;
    reached = Promise.withResolvers();
    settled = Promise.withResolvers();
    const before = counts();
    await askAndLeave(served.port, "/chat/completions", { model, stream }, cue === "reached" ? reached.promise : cue);
    const call = await settled.promise;
    expect(call.outcome).toBe("cancelled");
    expect(signals.map((signal) => signal.aborted)).toEqual([true]);
    await expectNothingLeft(before, signals, [served.server, upstream.server]);
  });
});
