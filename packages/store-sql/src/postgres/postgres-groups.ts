import type { Held } from "@outlet/core";
import { subjectsOf } from "@outlet/core";
import type { Pool, PoolClient } from "pg";
import { stateOf } from "../ledger/budgets.ts";
import { newEntry } from "../ledger/entries.ts";
import { type BudgetCell, type Decided, decide, type Outcome, type Settled, type Work } from "../ledger/group.ts";
import { createKnownSeries, type NewSeries, seriesOf } from "../ledger/series.ts";
import type { Groups } from "../ledger/sql-ledger.ts";
import type { BudgetsTable } from "../ledger/tables.ts";
import { stored } from "../text.ts";
import { groupStatements } from "./postgres-statements.ts";
import { sumsOf } from "./sums.ts";

/** What the first statement of a group finds: a budget, or an open entry that is taken. */
type FoundRow =
  | { readonly budget: BudgetsTable; readonly open: null }
  | { readonly budget: null; readonly open: OpenRow };
interface OpenRow {
  readonly id: string;
  readonly held: string;
}

/**
 * Commits groups in two statements, however many works there are: one that takes what a group needs, and one that writes what comes of
 * it. Rows go as JSON, which costs this process the least.
 */
export function postgresGroups(pool: Pool, schema: string, node: number): Groups {
  const statements = groupStatements(schema);
  const known = createKnownSeries();

  /** Series that are new get a number, in a transaction of their own: one that nobody uses does no harm. */
  async function learnSeries(group: readonly Work[]): Promise<void> {
    const unknown = new Map<string, { series: NewSeries; of: Settled[] }>();
    for (const work of group) {
      if (work.type !== "settle" || known.get(work.entry, work.settlement.model) !== undefined) continue;
      const series = seriesOf({ ...work.entry, model: work.settlement.model });
      const key = hex(series.key);
      const one = unknown.get(key) ?? { series, of: [] };
      one.of.push(work);
      unknown.set(key, one);
    }
    if (unknown.size === 0) return;
    // In one order, so that no two transactions wait for each other.
    const keys = [...unknown.keys()].sort();
    const rows = keys.map((key) => ({ ...unknown.get(key)?.series, key }));
    const { rows: numbered } = await pool.query({ ...statements.series, values: [JSON.stringify(rows)] });
    for (const { key, number } of numbered as { key: string; number: string }[]) {
      for (const { entry, settlement } of unknown.get(key)?.of ?? [])
        known.set(entry, settlement.model, Number(number));
    }
  }

  async function inTransaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      await client.query("begin");
      const result = await work(client);
      await client.query("commit");
      return result;
    } catch (error) {
      await client.query("rollback").catch((cause: Error) => {
        broken = cause;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async function write(client: PoolClient, group: readonly Work[]): Promise<readonly Outcome[]> {
    const subjects = new Set(group.flatMap(({ entry }) => subjectsOf(entry).map(stored)));
    const ending = group.flatMap(({ type, entry }) => (type === "open" ? [] : [stored(entry.id)]));
    const { rows } = await client.query({ ...statements.take, values: [[...subjects], ending] });
    const { decided, changed } = decideOn(group, rows as FoundRow[]);
    const { opened, settled, outcomes } = decided;
    const entries = settled.map((one) => newEntry(one, known.get(one.entry, one.settlement.model) as number));
    const values = [
      opened.map(({ entry, held }) => ({
        id: stored(entry.id),
        node,
        opened_at: entry.openedAt,
        entries: JSON.stringify([entry]),
        held: JSON.stringify(held),
      })),
      entries,
      sumsOf(settled, entries),
      changed.map(({ state: { id, spent, reserved, periodStart } }) => ({
        id: stored(id),
        spent,
        reserved,
        period_start: periodStart,
      })),
    ];
    if (values.some(({ length }) => length > 0)) {
      await client.query({ ...statements.write, values: values.map((rows) => JSON.stringify(rows)) });
    }
    return outcomes;
  }

  return {
    async commit(group) {
      await learnSeries(group);
      return inTransaction((client) => write(client, group));
    },
    changeBudgets: (change) => change(),
    close: async () => {},
  };
}

function decideOn(group: readonly Work[], rows: readonly FoundRow[]): { decided: Decided; changed: BudgetCell[] } {
  const bySubject = new Map<string, BudgetCell[]>();
  const taken = new Map<string, Held>();
  const cells: BudgetCell[] = [];
  for (const { budget, open } of rows) {
    if (open) {
      taken.set(open.id, JSON.parse(open.held));
      continue;
    }
    const cell = { state: stateOf(budget), changed: false };
    cells.push(cell);
    bySubject.set(budget.subject, [...(bySubject.get(budget.subject) ?? []), cell]);
  }
  const decided = decide(group, {
    budgetsOf: (entry) =>
      cells.length === 0 ? [] : subjectsOf(entry).flatMap((subject) => bySubject.get(stored(subject)) ?? []),
    take({ id }) {
      const held = taken.get(stored(id)) ?? null;
      taken.delete(stored(id));
      return held;
    },
  });
  return { decided, changed: cells.filter(({ changed }) => changed) };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
