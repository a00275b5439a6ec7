import type { Budget, BudgetState, SpendAlert } from "./budget.ts";
import type { Nanodollars } from "./money.ts";
import type { MeteredUsage } from "./usage.ts";
import type { UsageQuery, UsageRow } from "./usage-report.ts";

/** What was consumed, as the API's usage reports sort it. https://platform.openai.com/docs/api-reference/usage */
export type UsageKind =
  | "completions"
  | "embeddings"
  | "moderations"
  | "images"
  | "audio_speeches"
  | "audio_transcriptions";

/** A call of a model that is about to be made. */
export interface LedgerEntry {
  /** The request's id; with a number behind it where a request asks more than once. */
  readonly id: string;
  /** Unix milliseconds. */
  readonly openedAt: number;
  readonly operation: string;
  readonly kind: UsageKind;
  /** The id that the client's stands for. */
  readonly model: string;
  readonly organization: string | null;
  readonly project: string | null;
  /** Id of the key; where a principal has none, its own. */
  readonly apiKey: string;
  /** Id of the user or service account. */
  readonly user: string | null;
  readonly batch: boolean;
  /** What it may come to. */
  readonly estimate: Readonly<MeteredUsage>;
  /** What the estimate costs: held in every budget that the call falls under. */
  readonly reserved: Nanodollars;
}

/** How a call ended. */
export interface Settlement {
  /** Unix milliseconds. */
  readonly settledAt: number;
  /** `recovered`: its process has died, and nobody knows. */
  readonly outcome: "completed" | "failed" | "cancelled" | "recovered";
  /** As it turned out where it was known late. */
  readonly model: string;
  readonly usage: Readonly<MeteredUsage>;
  readonly cost: Nanodollars;
}

export type SettledEntry = Omit<LedgerEntry, "estimate" | "reserved"> &
  Settlement & {
    /** Ascends in the order of settling. */
    readonly position: number;
  };

export interface OpenOptions {
  /** False: the call is under way, so it is entered whatever the budgets say. */
  readonly enforce: boolean;
}

export interface SettleOptions {
  /** The entry could not be opened, or nobody knows whether: it is entered all the same. */
  readonly unopened?: boolean;
}

export interface SettleResult {
  /** False when it had been settled, or taken back, before. */
  readonly settled: boolean;
  readonly alerts: readonly SpendAlert[];
}

/**
 * Where what is spent is written down: entries that are opened before a model is asked and settled after, and budgets that they
 * are held against. Anything that passes the requirements in `@outlet/testing` will do.
 */
export interface Ledger {
  readonly specificationVersion: "v1";
  /** True when entries outlive the process, which others may share them with. */
  readonly durable: boolean;
  /**
   * Enters a call and reserves its estimate in all its budgets, or in none. Gives the hard budget that has no room, or null. With
   * `enforce`, a call that is refused is not entered.
   */
  open(entry: LedgerEntry, options: OpenOptions): Promise<BudgetState | null>;
  /** Replaces an open entry by a settled one, releases what it reserved and charges what it cost: once. */
  settle(entry: LedgerEntry, settlement: Settlement, options?: SettleOptions): Promise<SettleResult>;
  /** Takes back an open entry: no model was asked. Of one that is not there, nothing. */
  cancel(entry: LedgerEntry): Promise<void>;
  /** Open entries whose process is gone, the oldest first, at most so many. Those of processes that live are left alone. */
  abandoned(limit: number): Promise<readonly LedgerEntry[]>;
  /** Settled entries in the order of settling. */
  entries(query: { readonly after?: number; readonly limit: number }): Promise<readonly SettledEntry[]>;
  /** What was consumed and spent, added up. Exact: an entry that is settled is in it. */
  usage(query: UsageQuery): Promise<readonly UsageRow[]>;
  /**
   * Sets a budget, or changes it; what was spent of it stays. Of a month's budget that is new, all is spent that the month has seen already.
   */
  setBudget(budget: Budget): Promise<void>;
  /** Adds to a budget's amount: more credit. Null when there is no such budget. */
  addToBudget(id: string, amount: Nanodollars): Promise<BudgetState | null>;
  /** By scope, as `subjectOf` names it, or by id; all without either. */
  budgets(which?: { readonly subject?: string; readonly id?: string }): Promise<readonly BudgetState[]>;
  /** False when there was none. */
  deleteBudget(id: string): Promise<boolean>;
  /** Called once, by the outlet, when nothing is open any more. */
  close?(): Promise<void>;
}
