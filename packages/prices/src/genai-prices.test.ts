import { createMemoryLedger, createOutlet, dollars, type Engine, type MeteredUsage } from "@outlet/core";
import { expect, test } from "vitest";
import { genaiPrices } from "./index.ts";

const NOW = new Date("2026-09-01");

/** What a call of the model costs through an outlet, in nanodollars. */
async function cost(
  model: string,
  usage: { prompt_tokens: number; completion_tokens: number },
): Promise<number | undefined> {
  const reply = { id: "c", object: "chat.completion", model, choices: [], usage };
  const engine: Engine = {
    specificationVersion: "v1",
    forward: async () => ({ status: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify(reply)) }),
  };
  const ledger = createMemoryLedger();
  const outlet = createOutlet({
    access: "open",
    models: { "*": engine },
    ledger,
    billing: { priceBook: genaiPrices() },
  });
  await outlet.fetch("http://outlet/v1/chat/completions", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "x" }] }),
  });
  await outlet.close();
  const [entry] = await ledger.entries({ limit: 1 });
  return (entry as { usage: MeteredUsage; cost: number } | undefined)?.cost;
}

test("prices a model's tokens, under its snapshots' names too", async () => {
  const usage = { prompt_tokens: 1_000_000, completion_tokens: 100_000 };
  expect(await cost("gpt-4o-mini", usage)).toBe(dollars(0.21));
  expect(await cost("gpt-4o-mini-2024-07-18", usage)).toBe(dollars(0.21));
});

test("knows models of others", () => {
  expect(genaiPrices()("claude-sonnet-4-5", NOW)).toMatchObject({ input: 3, output: 15 });
  expect(genaiPrices({ provider: "anthropic" })("gpt-4o", NOW)).toBeNull();
});

test("prices long contexts by their own step", () => {
  const price = genaiPrices()("gpt-5.4", NOW);
  expect(price).toMatchObject({ input: 2.5, long_context: { above: 271_999, input: 5, output: 22.5 } });
});

test("prices audio by the minute", () => {
  expect(genaiPrices()("whisper-1", NOW)?.minute).toBeCloseTo(0.006, 12);
});

test("knows nothing of a model that is not there", () => {
  expect(genaiPrices()("my-agent", NOW)).toBeNull();
});
