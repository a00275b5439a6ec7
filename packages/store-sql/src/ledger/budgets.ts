import {
  type Budget,
  type BudgetState,
  budgetAt,
  costIn,
  otherScope,
  periodStartAt,
  spendingBefore,
  subjectOf,
} from "@outlet/core";
import { sql } from "kysely";
import type { SqlDialect } from "../dialect.ts";
import { restored, stored } from "../text.ts";
import type { BudgetsTable, LedgerDatabase } from "./tables.ts";
import { usageReport } from "./usage.ts";

type Which = { readonly subject?: string; readonly id?: string };

export function createBudgets(
  database: LedgerDatabase,
  { locksRows, lockTable }: Pick<SqlDialect, "locksRows" | "lockTable">,
) {
  function inTransaction<T>(work: (db: LedgerDatabase) => Promise<T>): Promise<T> {
    return database.transaction().execute(work);
  }

  async function find(db: LedgerDatabase, id: string): Promise<BudgetState | null> {
    const query = db.selectFrom("outlet_ledger_budgets").selectAll().where("id", "=", stored(id));
    const row = await (locksRows ? query.forUpdate() : query).executeTakeFirst();
    return row ? stateOf(row) : null;
  }

  /** What was spent under it before it was. */
  async function spentBefore(db: LedgerDatabase, budget: Budget, now: number): Promise<number> {
    const before = spendingBefore(budget, now);
    return before ? costIn(await usageReport(db, before)) : 0;
  }

  return {
    set: (budget: Budget) =>
      inTransaction(async (db) => {
        // No group of calls is being settled meanwhile, which would be neither in the sums nor charged.
        await lockTable(db, "outlet_ledger_budgets");
        const now = Date.now();
        const former = await find(db, budget.id);
        if (former && subjectOf(former.scope) !== subjectOf(budget.scope)) throw otherScope(budget.id);
        const kept = former?.period === budget.period ? former : null;
        const values = {
          id: stored(budget.id),
          subject: stored(subjectOf(budget.scope)),
          scope: JSON.stringify(budget.scope),
          amount: budget.amount,
          period: budget.period,
          hard: Number(budget.hard),
          alerts: JSON.stringify(budget.alerts),
          notify: budget.notify ? JSON.stringify(budget.notify) : null,
          spent: kept?.spent ?? (await spentBefore(db, budget, now)),
          reserved: former?.reserved ?? 0,
          period_start: kept?.periodStart ?? periodStartAt(budget.period, now),
        };
        await db
          .insertInto("outlet_ledger_budgets")
          .values(values)
          .onConflict((conflict) => conflict.column("id").doUpdateSet(values))
          .execute();
      }),
    add: (id: string, amount: number) =>
      inTransaction(async (db) => {
        const row = await db
          .updateTable("outlet_ledger_budgets")
          .set({ amount: sql<number>`amount + ${amount}` })
          .where("id", "=", stored(id))
          .returningAll()
          .executeTakeFirst();
        return row ? budgetAt(stateOf(row), Date.now()) : null;
      }),
    async list({ subject, id }: Which = {}): Promise<BudgetState[]> {
      let query = database.selectFrom("outlet_ledger_budgets").selectAll().orderBy("id");
      if (subject !== undefined) query = query.where("subject", "=", stored(subject));
      if (id !== undefined) query = query.where("id", "=", stored(id));
      const now = Date.now();
      return (await query.execute()).map((row) => budgetAt(stateOf(row), now));
    },
    async delete(id: string): Promise<boolean> {
      const rows = await database
        .deleteFrom("outlet_ledger_budgets")
        .where("id", "=", stored(id))
        .returning("id")
        .execute();
      return rows.length > 0;
    },
  };
}

export function stateOf(row: BudgetsTable): BudgetState {
  return {
    id: restored(row.id),
    scope: JSON.parse(row.scope),
    amount: Number(row.amount),
    period: row.period as Budget["period"],
    hard: row.hard === 1,
    alerts: JSON.parse(row.alerts),
    ...(row.notify !== null && { notify: JSON.parse(row.notify) }),
    spent: Number(row.spent),
    reserved: Number(row.reserved),
    periodStart: Number(row.period_start),
  };
}
