import {
  admits,
  type Budget,
  type BudgetState,
  budgetAt,
  charged,
  type Held,
  isUnder,
  NOTHING_HELD,
  otherScope,
  periodStartAt,
  type SpendAlert,
  spendingBefore,
  subjectOf,
} from "./budget.ts";
import type { Ledger, LedgerEntry, SettledEntry, Settlement } from "./ledger.ts";
import { createMemoryUsage } from "./memory-usage.ts";
import type { Nanodollars } from "./money.ts";
import { costIn } from "./usage-report.ts";

export interface MemoryLedgerOptions {
  /** Settled entries that can be listed; the oldest are forgotten, and stay in the sums. Default: 10,000. */
  maxEntries?: number;
  /** Sums of a minute, an hour or a day that are kept, of each kind; beyond it, the oldest tenth is forgotten. Default: 50,000. */
  maxSums?: number;
}

const DEFAULT_MAX_ENTRIES = 10_000;
const DEFAULT_MAX_SUMS = 50_000;

/** The reference for other ledgers: in this process's memory, gone with it, and bounded. */
export function createMemoryLedger(options: MemoryLedgerOptions = {}): Ledger {
  const { maxEntries = DEFAULT_MAX_ENTRIES, maxSums = DEFAULT_MAX_SUMS } = options;
  const budgets = new Map<string, BudgetState>();
  const open = new Map<string, Held>();
  const sums = createMemoryUsage(maxSums);
  let entries: SettledEntry[] = [];
  let lastPosition = 0;

  /** As they stand at a time. */
  function budgetsOf(entry: LedgerEntry, now: number): BudgetState[] {
    const found: BudgetState[] = [];
    for (const budget of budgets.values()) if (isUnder(entry, budget.scope)) found.push(budgetAt(budget, now));
    return found;
  }

  /** Releases what an entry holds, and charges what it cost. */
  function charge(entry: LedgerEntry, held: Held, cost: Nanodollars, now: number): SpendAlert[] {
    const alerts: SpendAlert[] = [];
    for (const budget of budgetsOf(entry, now)) {
      const after = charged(budget, held, cost);
      budgets.set(budget.id, after.budget);
      alerts.push(...after.alerts);
    }
    return alerts;
  }

  function remember(entry: SettledEntry): void {
    entries.push(entry);
    // In large steps: shifting an array for every entry would move all others each time.
    if (entries.length >= maxEntries * 2) entries = entries.slice(-maxEntries);
  }

  return {
    specificationVersion: "v1",
    durable: false,
    async open(entry, { enforce }) {
      const current = budgetsOf(entry, entry.openedAt);
      const full = current.find((budget) => !admits(budget, entry.reserved)) ?? null;
      if (full && enforce) return full;
      for (const budget of current) budgets.set(budget.id, { ...budget, reserved: budget.reserved + entry.reserved });
      open.set(entry.id, { amount: entry.reserved, budgets: current.map(({ id }) => id) });
      return full;
    },
    async settle(entry, settlement, { unopened = false } = {}) {
      const opened = open.get(entry.id);
      if (!opened && !unopened) return { settled: false, alerts: [] };
      open.delete(entry.id);
      const alerts = charge(entry, opened ?? NOTHING_HELD, settlement.cost, settlement.settledAt);
      lastPosition += 1;
      const settled = settledEntry(entry, settlement, lastPosition);
      remember(settled);
      sums.add(settled);
      return { settled: true, alerts };
    },
    async cancel(entry) {
      const opened = open.get(entry.id);
      if (!opened) return;
      open.delete(entry.id);
      charge(entry, opened, 0, Date.now());
    },
    // What this process has opened is gone with it.
    abandoned: async () => [],
    async entries({ after = 0, limit }) {
      return entries
        .slice(-maxEntries)
        .filter(({ position }) => position > after)
        .slice(0, limit);
    },
    usage: async (query) => sums.report(query),
    async setBudget(budget: Budget) {
      const former = budgets.get(budget.id);
      if (former && subjectOf(former.scope) !== subjectOf(budget.scope)) throw otherScope(budget.id);
      const same = former?.period === budget.period ? former : undefined;
      const now = Date.now();
      const before = same ? null : spendingBefore(budget, now);
      const spent = same?.spent ?? (before ? costIn(sums.report(before)) : 0);
      const periodStart = same?.periodStart ?? periodStartAt(budget.period, now);
      budgets.set(budget.id, { ...budget, reserved: former?.reserved ?? 0, spent, periodStart });
    },
    async addToBudget(id, amount) {
      const budget = budgets.get(id);
      if (!budget) return null;
      const more = { ...budget, amount: budget.amount + amount };
      budgets.set(id, more);
      return budgetAt(more, Date.now());
    },
    async budgets({ subject, id } = {}) {
      const now = Date.now();
      return [...budgets.values()]
        .filter(
          (budget) =>
            (id === undefined || budget.id === id) && (subject === undefined || subjectOf(budget.scope) === subject),
        )
        .map((budget) => budgetAt(budget, now));
    },
    deleteBudget: async (id) => budgets.delete(id),
  };
}

/** Field by field: taking an object apart by what is left out costs more than all else. */
function settledEntry(entry: LedgerEntry, settlement: Settlement, position: number): SettledEntry {
  const { id, openedAt, operation, kind, organization, project, apiKey, user, batch } = entry;
  const { settledAt, outcome, model, usage, cost } = settlement;
  return {
    id,
    openedAt,
    operation,
    kind,
    model,
    organization,
    project,
    apiKey,
    user,
    batch,
    settledAt,
    outcome,
    usage,
    cost,
    position,
  };
}
