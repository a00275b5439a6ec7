import type { Ledger } from "@outlet/core";
import { createSqlLedger, type SqlLedgerOptions } from "../ledger/sql-ledger.ts";
import type { LedgerTables } from "../ledger/tables.ts";
import { openSqlite, type SqliteOptions } from "./open-sqlite.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";
import { sqliteGroups } from "./sqlite-groups.ts";

/** `file` is best one of the ledger's own: processes and connections take turns at writing to a file. */
export type SqliteLedgerOptions = SqliteOptions & SqlLedgerOptions;

/**
 * A ledger in an SQLite database, on the SQLite that Node brings.
 * @throws Error when the file cannot be opened, is no SQLite database, or belongs to a newer version of this package
 */
export async function createSqliteLedger({ leaseMs, ...options }: SqliteLedgerOptions = {}): Promise<Ledger> {
  const opened = await openSqlite<LedgerTables>(options);
  const { connection, database } = opened;
  const groups = (node: number) => sqliteGroups(connection, database, node);
  try {
    return await createSqlLedger({ ...opened, dialect: sqliteDialect, groups }, leaseMs);
  } catch (error) {
    await opened.close();
    throw error;
  }
}
