import { createOutlet, type Engine } from "@outlet/core";
import { nodeListener } from "@outlet/core/node";
import { openai } from "@outlet/engine-openai";
import { afterAll, describe, expect, test } from "vitest";
import { listen } from "../kit/servers.ts";
import { ask } from "./client.ts";
import { assertAnswer, assertTypedError } from "./expectations.ts";
import { counts, expectNothingLeft } from "./leaks.ts";
import { type Play, rawUpstream } from "./raw-upstream.ts";
import { type UpstreamFault, upstreamFaults } from "./upstream-faults.ts";

// Long enough that an upstream which answers is never too late on a busy machine, and short for those that never will.
const PATIENCE_MS = 1_000;
const LITTLE_PATIENCE_MS = 150;
const DEADLINE_MS = 20_000;

let play: Play = () => {};
const signals: AbortSignal[] = [];
const upstream = await rawUpstream(() => play);
const relay = (patienceMs: number) =>
  openai({
    baseURL: upstream.baseURL,
    apiKey: "sk-upstream-secret",
    firstByteTimeoutMs: patienceMs,
    idleTimeoutMs: patienceMs,
    maxRetries: 0,
    maxReplyBytes: 1024 * 1024,
  });
const relayed = relay(PATIENCE_MS);
const impatient = relay(LITTLE_PATIENCE_MS);
const refused = openai({
  baseURL: "http://127.0.0.1:1/v1",
  apiKey: "sk-upstream-secret",
  maxRetries: 1,
  retryBaseMs: 1,
});
const remembering = (engine: Engine): Engine => ({
  specificationVersion: "v1",
  forward(request, context) {
    signals.push(context.signal);
    return (engine.forward as NonNullable<Engine["forward"]>)(request, context);
  },
});
const silent = { error: () => {}, warn: () => {} };
const models = { m: remembering(relayed), impatient: remembering(impatient), refused: remembering(refused) };
const outlet = createOutlet({ models, access: "open", logger: silent });
const served = await listen(nodeListener(outlet), async () => {
  await outlet.close({ graceMs: 0 });
  await Promise.all([relayed.close?.(), impatient.close?.(), refused.close?.()]);
});
afterAll(async () => {
  await served.close();
  await upstream.close();
});

const cases = upstreamFaults.flatMap((fault: UpstreamFault) =>
  ([false, true] as const)
    .filter((stream) => !fault.only || (fault.only === "streamed") === stream)
    .map((stream) => ({ ...fault, name: `${fault.name}, ${stream ? "streamed" : "whole"}`, stream })),
);

describe("an upstream that", () => {
  test.each(cases)("$name", async ({ play: playing, stream, answers, silent: never = false }) => {
    play = playing;
    signals.length = 0;
    const before = counts();
    const began = performance.now();
    const got = await ask(served.port, "/chat/completions", {
      ...(never && { model: "impatient" }),
      ...(stream && { stream }),
    });
    if (answers) assertAnswer(got, stream);
    else assertTypedError(got);
    expect(got.text).not.toMatch(/sk-upstream/);
    expect(performance.now() - began).toBeLessThan(DEADLINE_MS);
    await expectNothingLeft(before, signals, [served.server, upstream.server]);
  });

  test.each([false, true])("is not there, stream: %s", async (stream) => {
    signals.length = 0;
    const before = counts();
    const got = await ask(served.port, "/chat/completions", { model: "refused", stream });
    assertTypedError(got);
    expect(got.status).toBe(502);
    await expectNothingLeft(before, signals, [served.server]);
  });
});
