import type { DatabaseSync, StatementSync } from "node:sqlite";
import { decide, type Outcome, type Settled, type Work } from "../ledger/group.ts";
import { createKnownBudgets } from "../ledger/known-budgets.ts";
import { createKnownSeries, seriesOf } from "../ledger/series.ts";
import type { Groups } from "../ledger/sql-ledger.ts";
import type { BudgetsTable, LedgerDatabase } from "../ledger/tables.ts";
import { stored } from "../text.ts";
import { createOpenCalls } from "./sqlite-open-calls.ts";
import { createSums } from "./sqlite-sums.ts";

/**
 * Commits groups with statements of Node's own, a row each, in one go: nothing is built or waited for on the way. What this process has
 * opened, and the budgets that nobody else has changed, are known in memory, so a group reads nothing.
 */
export function sqliteGroups(connection: DatabaseSync, database: LedgerDatabase, node: number): Groups {
  const statements = prepare(connection);
  const budgets = createKnownBudgets(statements.budgets);
  const series = createKnownSeries();
  const sums = createSums(connection);
  const calls = createOpenCalls(connection, node);
  /** Tells whether another connection has written since. */
  let version: unknown;
  let changing = 0;

  function seriesNumber({ entry, settlement: { model } }: Settled): number {
    let number = series.get(entry, model);
    if (number === undefined) {
      number = statements.series(seriesOf({ ...entry, model }));
      series.set(entry, model, number);
    }
    return number;
  }

  function write(group: readonly Work[]): readonly Outcome[] {
    const { outcomes, opened, settled } = decide(group, { budgetsOf: budgets.of, take: calls.take });
    calls.write(opened);
    for (const one of settled) statements.settle(one, seriesNumber(one));
    for (const { state } of budgets.changed()) statements.save(state);
    return outcomes;
  }

  function commit(group: readonly Work[]): readonly Outcome[] {
    statements.begin();
    try {
      const current = statements.version();
      calls.begin(current === version);
      if (current !== version || changing > 0) budgets.clear();
      version = current;
      budgets.makeRoom();
      const outcomes = write(group);
      statements.commit();
      calls.committed(group);
      sums.later();
      return outcomes;
    } catch (error) {
      if (connection.isTransaction) statements.rollback();
      calls.rolledBack();
      budgets.clear();
      series.clear();
      throw error;
    }
  }

  return {
    async commit(group) {
      if (!connection.isTransaction) return commit(group);
      // Another transaction is under way on the connection: Kysely lets one in after the other.
      return database.connection().execute(async () => commit(group));
    },
    async changeBudgets(change) {
      changing += 1;
      try {
        return await change();
      } finally {
        changing -= 1;
        budgets.clear();
      }
    },
    close: sums.close,
  };
}

const COUNTED = ["input_tokens", "cached_tokens", "output_tokens", "reasoning_tokens", "cost"];
/** What no chat consumes. */
const RARE = [
  "input_audio_tokens",
  "output_audio_tokens",
  "input_image_tokens",
  "output_image_tokens",
  "characters",
  "seconds",
  "images",
] as const;
const ENTRY = ["id", "series", "opened_at", "settled_at", "operation", "outcome", "estimated"];

function prepare(connection: DatabaseSync) {
  const insert = (table: string, columns: readonly string[]): StatementSync =>
    connection.prepare(`insert into ${table} (${columns.join(", ")}) values (${columns.map(() => "?").join(", ")})`);
  const begin = connection.prepare("begin immediate");
  const commit = connection.prepare("commit");
  const rollback = connection.prepare("rollback");
  const version = connection.prepare("pragma data_version");
  const budgets = connection.prepare("select * from outlet_ledger_budgets where subject = ?");
  const save = connection.prepare(
    "update outlet_ledger_budgets set spent = ?, reserved = ?, period_start = ? where id = ?",
  );
  const settlePlain = insert("outlet_ledger_entries", [...ENTRY, ...COUNTED]);
  const settle = insert("outlet_ledger_entries", [...ENTRY, ...COUNTED, ...RARE]);
  const seriesColumns = ["organization", "project", "api_key", "user_id", "model", "kind", "batch"];
  const addSeries = insert("outlet_ledger_series", ["key", ...seriesColumns]);
  const findSeries = connection.prepare("select number from outlet_ledger_series where key = ?");

  return {
    begin: () => void begin.run(),
    commit: () => void commit.run(),
    rollback: () => void rollback.run(),
    version: () => (version.get() as { data_version: number }).data_version,
    budgets: (subject: string) => budgets.all(subject) as unknown as BudgetsTable[],
    save({ id, spent, reserved, periodStart }: { id: string; spent: number; reserved: number; periodStart: number }) {
      save.run(spent, reserved, periodStart, stored(id));
    },
    settle({ entry, settlement }: Settled, series: number) {
      const { usage } = settlement;
      const { input_tokens, cached_tokens, output_tokens, reasoning_tokens } = usage;
      const always = [
        stored(entry.id),
        series,
        entry.openedAt,
        settlement.settledAt,
        entry.operation,
        settlement.outcome,
        usage.estimated ? 1 : 0,
        input_tokens,
        cached_tokens,
        output_tokens,
        reasoning_tokens,
        settlement.cost,
      ] as const;
      if (RARE.some((name) => usage[name])) settle.run(...always, ...RARE.map((name) => usage[name] ?? 0));
      else settlePlain.run(...always);
    },
    /** Its number; one that is new gets one. */
    series({ key, organization, project, api_key, user_id, model, kind, batch }: ReturnType<typeof seriesOf>): number {
      const found = findSeries.get(key);
      if (found) return Number(found.number);
      const values = [key, organization, project, api_key, user_id, model, kind, batch] as const;
      return Number(addSeries.run(...values).lastInsertRowid);
    },
  };
}
