import type { Counter } from "@outlet/core";
import type { Generated, Kysely } from "kysely";

/** Calls that are under way: as many rows as there are of those. */
export interface OpenTable {
  id: string;
  /** The process that they are under way in. */
  node: string;
  opened_at: number;
  /** JSON. */
  entry: string;
  /** What it holds, as JSON. */
  held: string;
}

type Counts = Record<Counter, number>;

interface Dimensions {
  organization: string;
  project: string;
  api_key: string;
  user_id: string;
  model: string;
  kind: string;
  batch: number;
}

/** Settled calls. Rows are added, and never looked for but by position. */
export interface EntriesTable extends Dimensions, Omit<Counts, "requests"> {
  position: Generated<number>;
  id: string;
  opened_at: number;
  settled_at: number;
  operation: string;
  outcome: string;
  estimated: number;
}

/** Sums of the buckets of each width. */
export interface UsageTable extends Dimensions, Counts {
  /** Seconds. */
  width: number;
  /** Unix seconds. */
  start: number;
  /** Digest of the dimensions. */
  key: Uint8Array;
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

/** Processes, and until when they are taken to live. */
export interface NodesTable {
  id: string;
  alive_until: number;
}

export interface LedgerTables {
  outlet_ledger_open: OpenTable;
  outlet_ledger_entries: EntriesTable;
  outlet_ledger_usage: UsageTable;
  outlet_ledger_budgets: BudgetsTable;
  outlet_ledger_nodes: NodesTable;
}

export type LedgerDatabase = Kysely<LedgerTables>;
