import assert from "node:assert/strict";
import type { Ledger, UsageQuery } from "@outlet/core";
import { call, entry, usageOf } from "../calls.ts";
import type { LedgerRequirement } from "../ledger-requirement.ts";

/** A day's first second. */
const DAY = 1_750_032_000;
const at = (seconds: number) => ({ settledAt: (DAY + seconds) * 1000 });

const query = (rest: Partial<UsageQuery>): UsageQuery => ({
  from: DAY,
  to: DAY + 86_400,
  width: 3_600,
  groupBy: [],
  ...rest,
});

async function tell(ledger: Ledger, rest: Partial<UsageQuery>) {
  const rows = await ledger.usage(query(rest));
  return rows.map(({ start, requests, input_tokens, cost, ...row }) => {
    const names = rest.groupBy ?? [];
    const group = names.map((name) => row[name]);
    return [start - DAY, ...group, requests, input_tokens, cost];
  });
}

export const usageRequirements: readonly LedgerRequirement[] = [
  {
    id: "ledger.usage.buckets",
    title: "What was settled is added up by the minute, the hour and the day in which it was.",
    async run({ ledger }) {
      await call(ledger, entry("a"), 1, { ...at(0), usage: usageOf(10, 0) });
      await call(ledger, entry("b"), 2, { ...at(59.9), usage: usageOf(20, 0) });
      await call(ledger, entry("c"), 4, { ...at(60), usage: usageOf(40, 0) });
      await call(ledger, entry("d"), 8, { ...at(86_399), usage: usageOf(80, 0) });
      await call(ledger, entry("e"), 16, { ...at(86_400), usage: usageOf(160, 0) });
      assert.deepEqual(await tell(ledger, { width: 60 }), [
        [0, 2, 30, 3],
        [60, 1, 40, 4],
        [86_340, 1, 80, 8],
      ]);
      assert.deepEqual(await tell(ledger, {}), [
        [0, 3, 70, 7],
        [82_800, 1, 80, 8],
      ]);
      assert.deepEqual(await tell(ledger, { width: 86_400 }), [[0, 4, 150, 15]]);
      assert.deepEqual(await tell(ledger, { from: DAY + 3_599, to: DAY + 3_600 }), [[0, 3, 70, 7]]);
      assert.deepEqual(await tell(ledger, { from: DAY + 3_600, to: DAY + 7_200 }), []);
    },
  },
  {
    id: "ledger.usage.groups",
    title: "Sums are told apart by what they are grouped by, and are of what is asked for.",
    async run({ ledger }) {
      await call(ledger, entry("a", { project: null }), 1, at(0));
      await call(ledger, entry("b", { project: "p1", apiKey: "k1" }), 2, at(0));
      await call(ledger, entry("c", { project: "p1", apiKey: "k2" }), 4, at(0));
      await call(ledger, entry("d", { project: "p2", batch: true }), 8, { ...at(0), model: "other" });
      await call(ledger, entry("e", { project: "p2", kind: "embeddings" }), 16, at(0));
      assert.deepEqual(await tell(ledger, { groupBy: ["project"] }), [
        [0, null, 1, 10, 1],
        [0, "p1", 2, 20, 6],
        [0, "p2", 2, 20, 24],
      ]);
      assert.deepEqual(await tell(ledger, { groupBy: ["apiKey", "kind"], only: { project: ["p1", "p2"] } }), [
        [0, "k1", "completions", 1, 10, 2],
        [0, "k2", "completions", 1, 10, 4],
        [0, "key", "completions", 1, 10, 8],
        [0, "key", "embeddings", 1, 10, 16],
      ]);
      assert.deepEqual(await tell(ledger, { only: { project: [null] } }), [[0, 1, 10, 1]]);
      assert.deepEqual(await tell(ledger, { groupBy: ["batch", "model"], only: { batch: true } }), [
        [0, true, "other", 1, 10, 8],
      ]);
      assert.deepEqual(await tell(ledger, { only: { organization: ["none"] } }), []);
    },
  },
  {
    id: "ledger.usage.everything",
    title: "Everything that can be consumed is added up.",
    async run({ ledger }) {
      const usage = {
        input_tokens: 1,
        cached_tokens: 1,
        output_tokens: 3,
        reasoning_tokens: 2,
        input_audio_tokens: 4,
        output_audio_tokens: 5,
        input_image_tokens: 6,
        output_image_tokens: 7,
        characters: 8,
        seconds: 9,
        images: 10,
        estimated: false,
      };
      await call(ledger, entry("a"), 11, { ...at(0), usage });
      await call(ledger, entry("b"), 11, { ...at(0), usage });
      const [row] = await ledger.usage(query({}));
      const { estimated: _, ...counts } = usage;
      const doubled = Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, count * 2]));
      assert.deepEqual(row, { start: DAY, requests: 2, cost: 22, ...doubled });
    },
  },
  {
    id: "ledger.usage.failures",
    title: "A failure that consumed nothing is entered, and not counted.",
    async run({ ledger }) {
      await call(ledger, entry("a"), 0, { ...at(0), outcome: "failed", usage: usageOf(0, 0) });
      await call(ledger, entry("b"), 0, { ...at(0), usage: usageOf(0, 0) });
      assert.deepEqual(await tell(ledger, {}), [[0, 1, 0, 0]]);
      assert.equal((await ledger.entries({ limit: 10 })).length, 2);
    },
  },
];
