import { expect, test } from "vitest";
import type { Ledger, LedgerEntry } from "./ledger.ts";
import { createMemoryLedger } from "./memory-ledger.ts";

const MINUTE = 60;
const usage = { input_tokens: 3, cached_tokens: 0, output_tokens: 2, reasoning_tokens: 0, estimated: false };

/** One call by a key, settled at so many Unix seconds. */
async function call(ledger: Ledger, apiKey: string, seconds: number): Promise<void> {
  const entry: LedgerEntry = {
    id: `${apiKey} ${seconds}`,
    openedAt: seconds * 1_000,
    operation: "createChatCompletion",
    kind: "completions",
    model: "m",
    organization: null,
    project: null,
    apiKey,
    user: null,
    batch: false,
    estimate: usage,
    reserved: 0,
  };
  await ledger.open(entry, { enforce: true });
  await ledger.settle(entry, { settledAt: seconds * 1_000, outcome: "completed", model: "m", usage, cost: 1 });
}

const minutes = (ledger: Ledger) =>
  ledger
    .usage({ from: 0, to: 3_600, width: MINUTE, groupBy: ["apiKey"] })
    .then((rows) => rows.map(({ start, apiKey, requests }) => [start, apiKey, requests]));

test("sums are kept as long as there is room, and the oldest are forgotten first", async () => {
  const ledger = createMemoryLedger({ maxSums: 10 });
  for (const key of ["a", "b", "c"]) await call(ledger, key, 0);
  await call(ledger, "c", 30);
  for (let minute = 1; minute <= 7; minute += 1) await call(ledger, "a", minute * MINUTE);
  expect((await minutes(ledger)).slice(0, 4)).toEqual([
    [0, "a", 1],
    [0, "b", 1],
    [0, "c", 2],
    [60, "a", 1],
  ]);
  await call(ledger, "a", 8 * MINUTE);
  expect((await minutes(ledger)).slice(0, 2)).toEqual([
    [0, "c", 2],
    [60, "a", 1],
  ]);
  for (const minute of [9, 10, 11]) await call(ledger, "a", minute * MINUTE);
  const left = await minutes(ledger);
  expect(left[0]).toEqual([120, "a", 1]);
  expect(left).toHaveLength(10);
  // A day has room for all of them.
  const [day] = await ledger.usage({ from: 0, to: 1, width: 86_400, groupBy: [] });
  expect(day).toMatchObject({ requests: 15, input_tokens: 45, output_tokens: 30, cost: 15 });
});
