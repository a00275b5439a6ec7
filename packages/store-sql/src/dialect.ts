import type { QueryExecutorProvider } from "kysely";
import type { Database } from "./tables.ts";

/** Everything in which the two databases differ; the rest of the package knows neither. */
export interface SqlDialect {
  readonly words: {
    /** Column type of a record's position, an ascending primary key. */
    readonly position: string;
    /** The same for rows of which the last is never deleted. */
    readonly ascending: string;
    /** The same for numbers that are never given again, whatever is deleted. */
    readonly neverAgain: string;
    readonly bytes: string;
    readonly bigint: string;
    /** What a table without a row id of its own ends in. */
    readonly clustered: string;
    /** Function that gives the largest of its arguments. */
    readonly largest: "max" | "greatest";
    /** Columns that rows of a ledger's open entries are found by, and what these hold. */
    readonly openColumns: string;
    /** Position up to which a ledger's entries are in its sums from the start: all of them, where sums are written with the entries. */
    readonly addedAtFirst: number;
  };
  /** Children of a deleted record that one transaction erases: few enough to keep nobody waiting. */
  readonly sweptAtOnce: number;
  /** Makes a claim pass over rows that another claim is at. */
  readonly skipLocked: boolean;
  /** Rows that are read to be written can be locked; else a transaction has everything to itself anyway. */
  readonly locksRows: boolean;
  /** Lets one process at a time migrate: called first in the transaction that does. */
  beforeMigration(transaction: QueryExecutorProvider): Promise<void>;
  /**
   * Lets one transaction at a time write an owner's records: called first in it. So a list grows in the order of its
   * positions, and no child is inserted beside the deletion of its parent.
   */
  lockOwners(transaction: Database, owners: ReadonlySet<string>): Promise<void>;
  /** Waits for the transactions that have a table's rows, and keeps others from them until this one has ended. */
  lockTable(transaction: QueryExecutorProvider, table: string): Promise<void>;
  /** The write lock was not to be had just now; nothing was done. */
  isBusy(error: unknown): boolean;
  /** The values of a statement are to blame, not the database. */
  isAboutValues(error: unknown): boolean;
}
