import type { Store } from "@outlet/core";
import { createSqlStore } from "../sql-store.ts";
import type { Tables } from "../tables.ts";
import { openSqlite, type SqliteOptions } from "./open-sqlite.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";
import { sqliteRows } from "./sqlite-rows.ts";

export type SqliteStoreOptions = SqliteOptions;

/**
 * A store in an SQLite database, on the SQLite that Node brings.
 * @throws Error when the file cannot be opened, is no SQLite database, or belongs to a newer version of this package
 */
export async function createSqliteStore(options: SqliteStoreOptions = {}): Promise<Store> {
  const opened = await openSqlite<Tables>(options);
  try {
    return await createSqlStore({ ...opened, dialect: sqliteDialect, rows: sqliteRows(opened.connection) });
  } catch (error) {
    await opened.close();
    throw error;
  }
}
