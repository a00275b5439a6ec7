import { CompiledQuery } from "kysely";
import type { SqlDialect } from "../dialect.ts";

const SQLITE_BUSY = 5;
/** TOOBIG, CONSTRAINT, MISMATCH, RANGE. */
const ABOUT_VALUES = [18, 19, 20, 25];

/** The primary code: extended codes have more above its eight bits. */
const codeOf = (error: unknown) => ((error as { errcode?: number } | null)?.errcode ?? 0) & 0xff;

/** The children of a doomed record still name it: its position must not be another's. */
const LAST_POSITION = CompiledQuery.raw(
  `select max(
    coalesce((select max(position) from outlet_records), 0),
    coalesce((select max(parent) from outlet_doomed), 0)
  ) as last`,
);

export const sqliteDialect: SqlDialect = {
  words: {
    position: "integer primary key",
    ascending: "integer primary key",
    bytes: "blob",
    bigint: "integer",
    clustered: "without rowid",
    largest: "max",
  },
  orIgnore: true,
  lastPosition: async (db) => Number((await db.executeQuery<{ last: number }>(LAST_POSITION)).rows[0]?.last ?? 0),
  gatherMs: 4,
  skipLocked: false,
  locksRows: false,
  // A transaction has the whole file to itself from its start.
  beforeMigration: async () => {},
  lockOwners: async () => {},
  lockTable: async () => {},
  isBusy: (error) => codeOf(error) === SQLITE_BUSY,
  isAboutValues: (error) => ABOUT_VALUES.includes(codeOf(error)),
};
