import type { QueryExecutorProvider } from "kysely";
import type { Database } from "./tables.ts";

/** Everything in which the two databases differ; the rest of the package knows neither. */
export interface SqlDialect {
  readonly words: {
    /** Column type of a record's position, an ascending primary key. */
    readonly position: string;
    /** The same for rows of which the last is never deleted. */
    readonly ascending: string;
    readonly bytes: string;
    readonly bigint: string;
    /** What a table without a row id of its own ends in. */
    readonly clustered: string;
    /** Function that gives the largest of its arguments. */
    readonly largest: "max" | "greatest";
  };
  /**
   * There is an `insert or ignore`, which passes over every row that cannot be inserted. A statement that never has to take half of
   * itself back is spared a copy of each page before it writes to it.
   */
  readonly orIgnore: boolean;
  /**
   * The last position that was given, where a transaction writes alone and may give the next ones itself: that is cheaper than being
   * told of them. Null where the database gives them.
   */
  readonly lastPosition: ((transaction: Database) => Promise<number>) | null;
  /**
   * Milliseconds after a group of several writes in which the next one is gathered. One that is committed in the thread that serves finds
   * nothing gathered when it is done.
   */
  readonly gatherMs: number;
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
