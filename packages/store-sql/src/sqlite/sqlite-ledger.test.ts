import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Ledger, LedgerEntry, UsageRow } from "@outlet/core";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createSqliteLedger } from "./index.ts";

const CALLS = 2_500;
const KEYS = 7;

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "outlet-ledger-"));
  file = join(folder, "ledger.db");
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true });
});

const counts = { cached_tokens: 0, reasoning_tokens: 0, estimated: false };

function entry(i: number): LedgerEntry {
  return {
    id: `e${i}`,
    openedAt: Date.now(),
    operation: "createChatCompletion",
    kind: "completions",
    model: "m",
    organization: null,
    project: null,
    apiKey: `k${i % KEYS}`,
    user: null,
    batch: false,
    estimate: { input_tokens: 1, output_tokens: 1, ...counts },
    reserved: 1,
  };
}

async function settle(ledger: Ledger, one: LedgerEntry, i: number): Promise<void> {
  // Some of every kind of row, and a failure that counts for nothing.
  const usage = { input_tokens: i % 5, output_tokens: 2, ...counts, ...(i % 3 === 0 && { images: 1 }) };
  const failed = { ...usage, input_tokens: 0, output_tokens: 0, images: 0 };
  const settledAt = Date.now() - (i % 4) * 3_600_000;
  await ledger.settle(one, {
    settledAt,
    outcome: i % 10 === 0 ? "failed" : "completed",
    model: "m",
    usage: i % 10 === 0 ? failed : usage,
    cost: i % 10 === 0 ? 0 : i,
  });
}

async function reports(ledger: Ledger): Promise<(readonly UsageRow[])[]> {
  const now = Date.now() / 1_000;
  const query = { from: now - 2 * 86_400, to: now + 1, groupBy: ["apiKey"] } as const;
  return Promise.all(([60, 3_600, 86_400] as const).map((width) => ledger.usage({ ...query, width })));
}

const added = (database: DatabaseSync) => database.prepare("select position from outlet_ledger_added").get();

it("tells the same of what is in the sums and of what is not yet, whichever process adds it", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const ledgers = [await createSqliteLedger({ file }), await createSqliteLedger({ file })] as const;
  const database = new DatabaseSync(file);
  const calls = Array.from({ length: CALLS }, (_, i) => ({ ledger: ledgers[i % 2] as Ledger, one: entry(i), i }));
  await Promise.all(calls.map(({ ledger, one }) => ledger.open(one, { enforce: true })));
  const settled = Promise.all(calls.map(({ ledger, one, i }) => settle(ledger, one, i)));
  vi.advanceTimersByTime(100);
  await settled;
  expect(added(database)).toEqual({ position: 0 });
  const before = await reports(ledgers[0]);
  expect(before[2]?.reduce((sum, { requests }) => sum + requests, 0)).toBe(CALLS * 0.9);

  vi.advanceTimersByTime(600);
  expect(added(database)).toEqual({ position: CALLS });
  expect(await reports(ledgers[0])).toEqual(before);
  expect(await reports(ledgers[1])).toEqual(before);
  const { sums } = database.prepare("select count(*) as sums from outlet_ledger_usage where width = 86400").get() as {
    sums: number;
  };
  expect(sums).toBeGreaterThanOrEqual(KEYS);
  database.close();
  for (const ledger of ledgers) await ledger.close?.();
});

it("adds what another process has left out of the sums, at its start", async () => {
  const left = await createSqliteLedger({ file });
  await left.open(entry(1), { enforce: true });
  await settle(left, entry(1), 1);
  const before = await reports(left);
  await left.close?.();

  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const ledger = await createSqliteLedger({ file });
  const database = new DatabaseSync(file);
  expect(added(database)).toEqual({ position: 0 });
  vi.advanceTimersByTime(600);
  expect(added(database)).toEqual({ position: 1 });
  expect(await reports(ledger)).toEqual(before);
  database.close();
  await ledger.close?.();
});

it("sees a budget that another process has changed", async () => {
  const [one, other] = [await createSqliteLedger({ file }), await createSqliteLedger({ file })];
  const budget = { id: "b", scope: { everyone: true }, amount: 1, period: null, hard: true, alerts: [] } as const;
  await one.setBudget(budget);
  expect(await one.open(entry(1), { enforce: true })).toBeNull();
  expect(await one.open(entry(2), { enforce: true })).toMatchObject({ id: "b", reserved: 1 });
  await other.addToBudget("b", 1);
  expect(await one.open(entry(3), { enforce: true })).toBeNull();
  await other.deleteBudget("b");
  expect(await one.open(entry(4), { enforce: true })).toBeNull();
  expect(await one.open(entry(5), { enforce: true })).toBeNull();
  await one.close?.();
  await other.close?.();
});

const ending = {
  settledAt: 1,
  outcome: "completed",
  model: "m",
  usage: { input_tokens: 1, output_tokens: 1, ...counts },
  cost: 1,
} as const;

const openTogether = (ledger: Ledger, entries: readonly LedgerEntry[]) =>
  Promise.all(entries.map((one) => ledger.open(one, { enforce: true })));

it("leaves of calls that were opened together those that had not ended", async () => {
  const [left, other] = [await createSqliteLedger({ file }), await createSqliteLedger({ file })];
  const calls = [entry(1), entry(2), entry(3), entry(4)] as const;
  await openTogether(left, calls);
  await left.settle(calls[0], ending);
  await left.cancel(calls[2]);
  expect(await other.abandoned(10)).toEqual([]);
  await left.close?.();
  expect(await other.abandoned(10)).toEqual([calls[1], calls[3]]);
  expect(await other.abandoned(1)).toEqual([calls[1]]);
  expect(await other.settle(calls[0], ending)).toMatchObject({ settled: false });
  expect(await other.settle(calls[3], ending)).toMatchObject({ settled: true });
  expect(await other.settle(calls[3], ending)).toMatchObject({ settled: false });
  expect(await other.abandoned(10)).toEqual([calls[1]]);
  await other.cancel(calls[1]);
  expect(await other.abandoned(10)).toEqual([]);
  await other.close?.();
});

it("settles a call once that another process has taken for left, and those that were opened with it", async () => {
  const [slow, other] = [await createSqliteLedger({ file }), await createSqliteLedger({ file })];
  const calls = [entry(1), entry(2), entry(3)] as const;
  await openTogether(slow, calls);
  expect(await other.settle(calls[1], ending)).toMatchObject({ settled: true });
  const settled = await Promise.all(calls.map((one) => slow.settle(one, ending)));
  expect(settled.map((result) => result.settled)).toEqual([true, false, true]);
  expect((await slow.entries({ limit: 10 })).map(({ id }) => id).sort()).toEqual(["e1", "e2", "e3"]);
  await slow.close?.();
  await other.close?.();
});

it("takes no call for another process's that was opened in its place", async () => {
  const [slow, other] = [await createSqliteLedger({ file }), await createSqliteLedger({ file })];
  await slow.open(entry(1), { enforce: true });
  expect(await other.settle(entry(1), ending)).toMatchObject({ settled: true });
  const third = await createSqliteLedger({ file });
  await third.open(entry(2), { enforce: true });
  expect(await slow.settle(entry(1), ending)).toMatchObject({ settled: false });
  expect(await third.settle(entry(2), ending)).toMatchObject({ settled: true });
  for (const ledger of [slow, other, third]) await ledger.close?.();
});

it("settles what was to be settled with an entry that the database refuses", async () => {
  const ledger = await createSqliteLedger({ file });
  const calls = [entry(1), entry(2), entry(3)] as const;
  await openTogether(ledger, calls);
  const refused = { ...ending, usage: { ...ending.usage, input_tokens: Number.NaN } };
  const settled = await Promise.allSettled([
    ledger.settle(calls[0], ending),
    ledger.settle(calls[1], refused),
    ledger.settle(calls[2], ending),
  ]);
  expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(await ledger.settle(calls[1], ending)).toMatchObject({ settled: true });
  expect((await ledger.entries({ limit: 10 })).map(({ id }) => id)).toEqual(["e1", "e3", "e2"]);
  await ledger.close?.();
});
