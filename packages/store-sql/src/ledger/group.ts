import {
  admits,
  type BudgetState,
  budgetAt,
  charged,
  type Held,
  type LedgerEntry,
  NOTHING_HELD,
  type Settlement,
  type SettleResult,
} from "@outlet/core";

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

/** A budget as a transaction finds it, and leaves it. */
export interface BudgetCell {
  state: BudgetState;
  /** It is to be saved. */
  changed: boolean;
}

/** An open entry, as it is kept. */
export interface OpenEntry {
  readonly entry: LedgerEntry;
  readonly held: Held;
}

export interface Settled {
  readonly entry: LedgerEntry;
  readonly settlement: Settlement;
}

/** What a transaction finds. */
export interface Found {
  /** The budgets that a call falls under. */
  budgetsOf(entry: LedgerEntry): readonly BudgetCell[];
  /** What an entry holds that was open, and is no more; null when it was not. */
  take(entry: LedgerEntry): Held | null;
}

/** What it writes. */
export interface Decided {
  readonly outcomes: readonly Outcome[];
  readonly opened: readonly OpenEntry[];
  readonly settled: readonly Settled[];
}

const NOT_SETTLED: SettleResult = Object.freeze({ settled: false, alerts: [] });
const SETTLED: SettleResult = Object.freeze({ settled: true, alerts: [] });

/** Decides what becomes of a group of works, one after the other. */
export function decide(group: readonly Work[], { budgetsOf, take }: Found): Decided {
  const outcomes: Outcome[] = [];
  const opened = new Map<string, OpenEntry>();
  const settled: Settled[] = [];

  for (const work of group) {
    const { entry } = work;
    const budgets = budgetsOf(entry);
    if (work.type === "open") {
      const full = reserve(budgets, entry, work.enforce);
      outcomes.push(full);
      if (full && work.enforce) continue;
      opened.set(entry.id, { entry, held: { amount: entry.reserved, budgets: budgets.map(({ state }) => state.id) } });
      continue;
    }
    const held = take(entry) ?? opened.get(entry.id)?.held ?? null;
    opened.delete(entry.id);
    if (work.type === "cancel") {
      if (held) charge(budgets, held, 0, null);
      outcomes.push(null);
    } else if (!held && !work.unopened) {
      outcomes.push(NOT_SETTLED);
    } else {
      const { settlement } = work;
      settled.push(work);
      const alerts = charge(budgets, held ?? NOTHING_HELD, settlement.cost, settlement.settledAt);
      outcomes.push(alerts.length > 0 ? { settled: true, alerts } : SETTLED);
    }
  }
  return { outcomes, opened: [...opened.values()], settled };
}

/** Holds what a call may come to in all of its budgets, or with `enforce` in none when one is full; gives that one. */
function reserve(budgets: readonly BudgetCell[], { reserved, openedAt }: LedgerEntry, enforce: boolean) {
  let full: BudgetState | null = null;
  for (const { state } of budgets) {
    const current = budgetAt(state, openedAt);
    if (!admits(current, reserved)) full ??= current;
  }
  if (full && enforce) return full;
  for (const budget of budgets) {
    const current = budgetAt(budget.state, openedAt);
    keep(budget, { ...current, reserved: current.reserved + reserved });
  }
  return full;
}

/** Releases what a call held, and charges what it cost at a time; null for what cost nothing. */
function charge(budgets: readonly BudgetCell[], held: Held, cost: number, at: number | null): SettleResult["alerts"] {
  let alerts: SettleResult["alerts"] = [];
  for (const budget of budgets) {
    const after = charged(at === null ? budget.state : budgetAt(budget.state, at), held, cost);
    keep(budget, after.budget);
    if (after.alerts.length > 0) alerts = [...alerts, ...after.alerts];
  }
  return alerts;
}

function keep(budget: BudgetCell, state: BudgetState): void {
  budget.state = state;
  budget.changed = true;
}
