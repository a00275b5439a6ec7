import type { SqlDialect } from "../dialect.ts";

const SQLITE_BUSY = 5;
/** TOOBIG, CONSTRAINT, MISMATCH, RANGE. */
const ABOUT_VALUES = [18, 19, 20, 25];

/** The primary code: extended codes have more above its eight bits. */
const codeOf = (error: unknown) => ((error as { errcode?: number } | null)?.errcode ?? 0) & 0xff;

export const sqliteDialect: SqlDialect = {
  words: {
    position: "integer primary key",
    ascending: "integer primary key",
    neverAgain: "integer primary key autoincrement",
    bytes: "blob",
    bigint: "integer",
    clustered: "without rowid",
    largest: "max",
    openColumns: "number integer primary key, budgets text not null",
    addedAtFirst: 0,
  },
  // It works in the thread that serves.
  sweptAtOnce: 50,
  skipLocked: false,
  locksRows: false,
  // A transaction has the whole file to itself from its start.
  beforeMigration: async () => {},
  lockOwners: async () => {},
  lockTable: async () => {},
  isBusy: (error) => codeOf(error) === SQLITE_BUSY,
  isAboutValues: (error) => ABOUT_VALUES.includes(codeOf(error)),
};
