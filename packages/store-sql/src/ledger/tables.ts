import type { Counter } from "@outlet/core";
import type { Generated, Kysely } from "kysely";

/** Processes, and until when they are taken to live. */
export interface NodesTable {
  /** No other has ever had it. */
  number: Generated<number>;
  alive_until: number;
}

/** Calls that are under way, one or some of them a row; what else a row has is each database's own. */
export interface OpenTable {
  /** The process that they are under way in. */
  node: number;
  /** The first of them. */
  opened_at: number;
  /** A character for each of them: `1` while it is under way, `0` when it is no more. */
  under_way: string;
  /** JSON array. */
  entries: string;
}

/** What call after call has in common, and usage is told apart by. Each combination once; an empty text stands for none. */
export interface SeriesTable {
  number: Generated<number>;
  /** Digest of the others. */
  key: Uint8Array;
  organization: string;
  project: string;
  api_key: string;
  user_id: string;
  model: string;
  kind: string;
  batch: number;
}

type Counts = Record<Counter, number>;

/** Settled calls. Rows are added, and never looked for but by position. */
export interface EntriesTable extends Omit<Counts, "requests"> {
  position: Generated<number>;
  id: string;
  series: number;
  opened_at: number;
  settled_at: number;
  operation: string;
  outcome: string;
  estimated: number;
}

/** Sums of the buckets of each width. */
export interface UsageTable extends Counts {
  /** Seconds. */
  width: number;
  /** Unix seconds. */
  start: number;
  series: number;
}

/** One row: up to which position entries are in the sums. */
export interface AddedTable {
  position: number;
}

export interface BudgetsTable {
  id: string;
  /** What it is found by: its scope's name. */
  subject: string;
  /** JSON. */
  scope: string;
  amount: number;
  period: string | null;
  hard: number;
  /** JSON array of amounts. */
  alerts: string;
  /** JSON. */
  notify: string | null;
  spent: number;
  reserved: number;
  period_start: number;
}

export interface LedgerTables {
  outlet_ledger_nodes: NodesTable;
  outlet_ledger_open: OpenTable;
  outlet_ledger_series: SeriesTable;
  outlet_ledger_entries: EntriesTable;
  outlet_ledger_usage: UsageTable;
  outlet_ledger_added: AddedTable;
  outlet_ledger_budgets: BudgetsTable;
}

export type LedgerDatabase = Kysely<LedgerTables>;
