import type { Database, LabelsTable, RecordsTable } from "./tables.ts";

/** A record as it is inserted; its position is given with it. */
export type NewRow = Omit<RecordsTable, "position">;

/** Inserts rows, in each database's own way: what of a write costs the most. */
export interface Rows {
  /** Inserts records with different keys, in a transaction, and tells their positions; null for one whose key is there already. */
  insertRecords(db: Database, rows: readonly NewRow[]): Promise<(number | null)[]>;
  insertLabels(db: Database, rows: readonly LabelsTable[]): Promise<void>;
  /**
   * Inserts records with their labels in a transaction of its own, before it returns. False, and nothing is inserted, when a key is there
   * already. The connection must be the caller's alone. Absent where a transaction has to be waited for.
   */
  insertAtOnce?(records: readonly NewRecord[]): boolean;
}

export interface NewRecord {
  readonly row: NewRow;
  /** Keys of its labels. */
  readonly labels: readonly Uint8Array[];
}
