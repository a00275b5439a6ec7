import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Ledger, LedgerEntry, UsageQuery } from "@outlet/core";
import { createSqliteLedger } from "@outlet/store-sql/sqlite";
import { median } from "../stats.ts";
import { fillLedger, MONTH_SECONDS, MONTH_START } from "./fill.ts";

const ROUNDS = 15;
const GROUP = 64;

const month = { from: MONTH_START, to: MONTH_START + MONTH_SECONDS };
const QUERIES: Record<string, UsageQuery> = {
  "a month by day": { ...month, width: 86_400, groupBy: [] },
  "a month by day, by project and model": { ...month, width: 86_400, groupBy: ["project", "model"] },
  "a month by hour, one project": { ...month, width: 3_600, groupBy: ["model"], only: { project: ["p3"] } },
  "a day by minute": { from: MONTH_START, to: MONTH_START + 86_400, width: 60, groupBy: [] },
};

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

let lastCall = 0;

/** A group of calls that begin, and end, at the same time; milliseconds for each. */
async function timeOfCalls(ledger: Ledger): Promise<number> {
  const usage = { input_tokens: 100, cached_tokens: 0, output_tokens: 100, reasoning_tokens: 0, estimated: false };
  const entries = Array.from({ length: GROUP }, (_, i): LedgerEntry => {
    lastCall += 1;
    return {
      id: `call_${lastCall}`,
      openedAt: Date.now(),
      operation: "createChatCompletion",
      kind: "completions",
      model: "m1",
      organization: "org",
      project: `p${i % 10}`,
      apiKey: `k${i % 20}`,
      user: null,
      batch: false,
      estimate: usage,
      reserved: 100,
    };
  });
  const settlement = { settledAt: Date.now(), outcome: "completed" as const, model: "m1", usage, cost: 100 };
  const spent = await timeOf(async () => {
    await Promise.all(entries.map((entry) => ledger.open(entry, { enforce: true })));
    await Promise.all(entries.map((entry) => ledger.settle(entry, settlement)));
  });
  return spent / GROUP;
}

/** Milliseconds of each query, and of a call, with so many calls in the ledger. */
export async function measureMonth(count: number): Promise<Record<string, number>> {
  const folder = await mkdtemp(join(tmpdir(), "outlet-bench-"));
  const file = join(folder, "ledger.db");
  const ledger = await createSqliteLedger({ file });
  try {
    fillLedger(file, count, { keys: 20, apart: false });
    const works = Object.entries(QUERIES).map(
      ([name, query]) => [name, () => timeOf(() => ledger.usage(query))] as const,
    );
    const results: Record<string, number> = {};
    for (const [name, work] of [...works, ["a call, 64 at a time", () => timeOfCalls(ledger)] as const]) {
      const rounds: number[] = [];
      for (let round = -3; round < ROUNDS; round += 1) {
        const spent = await work();
        if (round >= 0) rounds.push(spent);
      }
      results[name] = median(rounds);
    }
    return results;
  } finally {
    await ledger.close?.();
    await rm(folder, { recursive: true });
  }
}
