import {
  admits,
  type BudgetState,
  budgetAt,
  charged,
  type LedgerEntry,
  NOTHING_HELD,
  type Settlement,
  type SettleResult,
  subjectsOf,
} from "@outlet/core";
import type { createBudgets, Loaded } from "./budgets.ts";
import type { createEntries, OpenEntry, Settled } from "./entries.ts";
import type { LedgerDatabase } from "./tables.ts";
import type { createUsage } from "./usage.ts";

/** One thing that is asked of a ledger. */
export type Work =
  | { readonly type: "open"; readonly entry: LedgerEntry; readonly enforce: boolean }
  | {
      readonly type: "settle";
      readonly entry: LedgerEntry;
      readonly settlement: Settlement;
      readonly unopened: boolean;
    }
  | { readonly type: "cancel"; readonly entry: LedgerEntry };

/** What has no room, for what is opened; what came of it, for what is settled. */
export type Outcome = BudgetState | SettleResult | null;

export interface Rooms {
  readonly budgets: ReturnType<typeof createBudgets>;
  readonly entries: ReturnType<typeof createEntries>;
  readonly usage: ReturnType<typeof createUsage>;
}

const NOT_SETTLED: SettleResult = { settled: false, alerts: [] };

/** Does a group of works in one transaction, in a handful of statements however many there are. */
export function groupWorker(database: LedgerDatabase, { budgets, entries, usage }: Rooms) {
  return (group: readonly Work[]): Promise<Outcome[]> =>
    database.transaction().execute(async (db) => {
      const loaded = await budgets.load(db, new Set(group.flatMap(({ entry }) => subjectsOf(entry))));
      const former = new Map([...loaded].map(([id, { state }]) => [id, state]));
      const ending = group.flatMap(({ type, entry }) => (type === "open" ? [] : [entry.id]));
      const taken = await entries.take(db, ending);
      const opened = new Map<string, OpenEntry>();
      const settled: Settled[] = [];

      const outcomes = group.map((work): Outcome => {
        const { entry } = work;
        const own = budgetsOf(loaded, entry);
        if (work.type === "open") {
          const current = own.map((budget) => budgetAt(budget, entry.openedAt));
          const full = current.find((budget) => !admits(budget, entry.reserved)) ?? null;
          if (full && work.enforce) return full;
          for (const budget of current) keep(loaded, { ...budget, reserved: budget.reserved + entry.reserved });
          opened.set(entry.id, { entry, held: { amount: entry.reserved, budgets: own.map(({ id }) => id) } });
          return full;
        }
        const held = taken.get(entry.id) ?? opened.get(entry.id)?.held;
        taken.delete(entry.id);
        opened.delete(entry.id);
        if (work.type === "cancel") {
          if (held) for (const budget of own) keep(loaded, charged(budget, held, 0).budget);
          return null;
        }
        if (!held && !work.unopened) return NOT_SETTLED;
        const { settlement } = work;
        settled.push({ entry, settlement });
        const alerts = own.flatMap((budget) => {
          const after = charged(budgetAt(budget, settlement.settledAt), held ?? NOTHING_HELD, settlement.cost);
          keep(loaded, after.budget);
          return after.alerts;
        });
        return { settled: true, alerts };
      });

      await entries.open(db, [...opened.values()]);
      await entries.settle(db, settled);
      await usage.add(db, settled);
      for (const [id, { state }] of loaded) if (state !== former.get(id)) await budgets.save(db, state);
      return outcomes;
    });
}

function budgetsOf(loaded: Loaded, entry: LedgerEntry): BudgetState[] {
  if (loaded.size === 0) return [];
  const subjects = subjectsOf(entry);
  return [...loaded.values()].filter(({ subject }) => subjects.includes(subject)).map(({ state }) => state);
}

function keep(loaded: Loaded, state: BudgetState): void {
  const former = loaded.get(state.id);
  if (former) loaded.set(state.id, { ...former, state });
}
