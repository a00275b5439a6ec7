import type { Nanodollars } from "./money.ts";
import type { UsageQuery } from "./usage-report.ts";

const DAY = 86_400;

/** Whose spending a budget bounds. A call is held against all that it falls under. */
export type BudgetScope =
  | { readonly everyone: true }
  | { readonly organization: string }
  /** `organization`: the principal's, where it has one. */
  | { readonly project: string; readonly organization?: string }
  /** A principal's `apiKey`, or where it has none its `id`. */
  | { readonly apiKey: string };

/** What may be spent. */
export interface Budget {
  /** Unique; whoever sets it chooses. */
  readonly id: string;
  readonly scope: BudgetScope;
  /** In nanodollars: see `dollars()`. */
  readonly amount: Nanodollars;
  /** `month`: begins anew with each calendar month, UTC. `null`: a credit, which lasts until it is used up. */
  readonly period: "month" | null;
  /**
   * True: a call whose estimate does not fit in what is left is refused with a 429. False: nothing is refused, only told of.
   */
  readonly hard: boolean;
  /** Amounts whose crossing is told of, once in each period, by `onSpendAlert`. */
  readonly alerts: readonly Nanodollars[];
  /** Who is to be told of them, handed to `onSpendAlert` with the rest. Default: nobody in particular. */
  readonly notify?: AlertNotice;
}

/** Whom a spend alert that was made through the API names. */
export interface AlertNotice {
  /** Email addresses. */
  readonly recipients: readonly string[];
  /** What the subject of an email is to begin with; null for nothing. */
  readonly subjectPrefix: string | null;
  /** When the alert was made, Unix milliseconds. */
  readonly createdAt: number;
}

export interface BudgetState extends Budget {
  /** In this period. */
  readonly spent: Nanodollars;
  /** Held for calls under way. */
  readonly reserved: Nanodollars;
  /** When the period that `spent` is of began, Unix milliseconds; 0 for a credit. */
  readonly periodStart: number;
}

/** A budget whose spending has just passed an amount that is to be told of. */
export interface SpendAlert {
  readonly budget: BudgetState;
  readonly threshold: Nanodollars;
}

/** Who a call is by, as far as budgets go. */
export interface Spender {
  readonly organization: string | null;
  readonly project: string | null;
  readonly apiKey: string;
}

/** The name that a scope's budgets are found by. */
export function subjectOf(scope: BudgetScope): string {
  if ("project" in scope) return projectSubject(scope.organization ?? null, scope.project);
  if ("organization" in scope) return `organization:${scope.organization}`;
  return "apiKey" in scope ? `key:${scope.apiKey}` : "everyone";
}

/** The names of all the scopes that a call falls under. */
export function subjectsOf({ organization, project, apiKey }: Spender): string[] {
  const subjects = ["everyone", `key:${apiKey}`];
  if (organization !== null) subjects.push(`organization:${organization}`);
  if (project !== null) subjects.push(projectSubject(organization, project));
  return subjects;
}

/** The same without names: whether a call falls under a scope. */
export function isUnder({ organization, project, apiKey }: Spender, scope: BudgetScope): boolean {
  if ("project" in scope) return scope.project === project && (scope.organization ?? null) === organization;
  if ("organization" in scope) return scope.organization === organization;
  return "apiKey" in scope ? scope.apiKey === apiKey : true;
}

function projectSubject(organization: string | null, project: string): string {
  return `project:${JSON.stringify([organization, project])}`;
}

/** The budget as it stands at a time: a new month begins with nothing spent. */
export function budgetAt(budget: BudgetState, now: number): BudgetState {
  const periodStart = periodStartAt(budget.period, now);
  return periodStart > budget.periodStart ? { ...budget, spent: 0, periodStart } : budget;
}

export function periodStartAt(period: Budget["period"], now: number): number {
  if (period === null) return 0;
  const day = new Date(now);
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth());
}

/**
 * The report on what was spent under a budget in its period before it was set: a month's includes all of the month. `null` for a credit,
 * which is spent from when it is given.
 */
export function spendingBefore({ scope, period }: Budget, now: number): UsageQuery | null {
  if (period === null) return null;
  const from = periodStartAt(period, now) / 1_000;
  return { from, to: now / 1_000 + DAY, width: DAY, groupBy: [], only: consumersOf(scope) };
}

function consumersOf(scope: BudgetScope): NonNullable<UsageQuery["only"]> {
  if ("project" in scope) return { organization: [scope.organization ?? null], project: [scope.project] };
  if ("organization" in scope) return { organization: [scope.organization] };
  return "apiKey" in scope ? { apiKey: [scope.apiKey] } : {};
}

export function admits({ hard, amount, spent, reserved }: BudgetState, estimate: Nanodollars): boolean {
  return !hard || spent + reserved + estimate <= amount;
}

/** What an open entry holds. */
export interface Held {
  readonly amount: Nanodollars;
  /** Ids of the budgets that it is held in: others may have been set since. */
  readonly budgets: readonly string[];
}

const NO_ALERTS: readonly SpendAlert[] = [];

export const NOTHING_HELD: Held = { amount: 0, budgets: [] };

/** The budget after a call has ended: what the call held released, what it cost charged. */
export function charged(
  budget: BudgetState,
  held: Held,
  cost: Nanodollars,
): { budget: BudgetState; alerts: readonly SpendAlert[] } {
  const released = held.budgets.includes(budget.id) ? held.amount : 0;
  const after = { ...budget, reserved: Math.max(budget.reserved - released, 0), spent: budget.spent + cost };
  if (budget.alerts.length === 0) return { budget: after, alerts: NO_ALERTS };
  const alerts = budget.alerts
    .filter((threshold) => budget.spent < threshold && after.spent >= threshold)
    .map((threshold) => ({ budget: after, threshold }));
  return { budget: after, alerts };
}

export function otherScope(id: string): TypeError {
  return new TypeError(`budget ${id} has another scope: delete it first`);
}
