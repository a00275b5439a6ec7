import { createOutlet, type Engine } from "@outlet/core";
import { nodeListener } from "@outlet/core/node";
import { afterAll, describe, expect, test } from "vitest";
import { listen } from "../kit/servers.ts";
import { ask, type Path } from "./client.ts";
import { engineFaults } from "./engine-faults.ts";
import { assertAnswer, assertTypedError } from "./expectations.ts";
import { counts, expectNothingLeft } from "./leaks.ts";
import { modelFaults } from "./model-faults.ts";

const faults = [...modelFaults, ...engineFaults];
const DEADLINE_MS = 20_000;

let current: Engine;
const signals: AbortSignal[] = [];
/** The engine under test behind one that remembers its signals. */
const engine: Engine = {
  specificationVersion: "v1",
  chat(request, context) {
    signals.push(context.signal);
    return (current.chat as NonNullable<Engine["chat"]>)(request, context);
  },
};
const silent = { error: () => {}, warn: () => {} };
const outlet = createOutlet({ models: { m: engine }, access: "open", logger: silent });
const served = await listen(nodeListener(outlet), () => outlet.close({ graceMs: 0 }));
await ask(served.port, "/chat/completions", {}).catch(() => {});
afterAll(() => served.close());

const ways: { way: string; path: Path; more: object; stream: boolean }[] = [
  { way: "whole", path: "/chat/completions", more: {}, stream: false },
  { way: "streamed", path: "/chat/completions", more: { stream: true }, stream: true },
  { way: "streamed twice", path: "/chat/completions", more: { stream: true, n: 2 }, stream: true },
  { way: "cut", path: "/chat/completions", more: { stop: "never" }, stream: false },
  { way: "as a completion", path: "/completions", more: { stream: true, max_tokens: 1_000_000 }, stream: true },
];

describe.each(ways)("$way", ({ path, more, stream }) => {
  test.each(faults)("$name", async (fault) => {
    current = fault.engine();
    signals.length = 0;
    const before = counts();
    const began = performance.now();
    const got = await ask(served.port, path, more);
    if (fault.answers) assertAnswer(got, stream);
    else assertTypedError(got);
    expect(got.text).not.toMatch(/secret/);
    expect(performance.now() - began).toBeLessThan(DEADLINE_MS);
    await expectNothingLeft(before, signals, [served.server]);
  });
});
