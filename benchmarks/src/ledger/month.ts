import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { BUCKET_WIDTHS, COUNTERS, type Ledger, type LedgerEntry, type UsageQuery } from "@outlet/core";
import { createSqliteLedger } from "@outlet/store-sql/sqlite";
import { median } from "../stats.ts";

const MONTH_START = Date.UTC(2026, 0, 1) / 1000;
const MONTH_SECONDS = 31 * 86_400;
const ROUNDS = 15;
const GROUP = 64;
const USED = COUNTERS.filter((name) => name !== "requests");

const month = { from: MONTH_START, to: MONTH_START + MONTH_SECONDS };
const QUERIES: Record<string, UsageQuery> = {
  "a month by day": { ...month, width: 86_400, groupBy: [] },
  "a month by day, by project and model": { ...month, width: 86_400, groupBy: ["project", "model"] },
  "a month by hour, one project": { ...month, width: 3_600, groupBy: ["model"], only: { project: ["p3"] } },
  "a day by minute": { from: MONTH_START, to: MONTH_START + 86_400, width: 60, groupBy: [] },
};

/** Fills a ledger's tables with so many settled calls of ten projects, twenty keys and four models, spread over a month. */
function fill(file: string, count: number): void {
  const database = new DatabaseSync(file);
  database.exec("pragma synchronous = off");
  const counters = USED.map((name) =>
    name === "input_tokens" || name === "output_tokens" || name === "cost" ? "100" : "0",
  );
  database.exec(`
    insert into outlet_ledger_entries (id, opened_at, settled_at, operation, outcome, estimated, organization, project, api_key, user_id, model,
      kind, batch, ${USED.join(", ")})
    with recursive n(i) as (select 0 union all select i + 1 from n where i < ${count - 1})
    select 'req_' || i, at, at, 'createChatCompletion', 'completed', 0, 'org', 'p' || (i % 10), 'k' || (i % 20), '', 'm' || (i % 4),
      'completions', 0, ${counters.join(", ")}
    from (select i, (${MONTH_START} + cast(i as integer) * ${MONTH_SECONDS} / ${count}) * 1000 as at from n)`);
  const dimensions = "organization, project, api_key, user_id, model, kind, batch";
  for (const width of BUCKET_WIDTHS) {
    database.exec(`
      insert into outlet_ledger_usage (width, start, key, ${dimensions}, requests, ${USED.join(", ")})
      select ${width}, settled_at / 1000 / ${width} * ${width} as start, cast(project || api_key || model as blob), ${dimensions},
        count(*), ${USED.map((name) => `sum(${name})`).join(", ")}
      from outlet_ledger_entries group by start, ${dimensions}`);
  }
  database.close();
}

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
    fill(file, count);
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
