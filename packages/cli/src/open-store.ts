import { existsSync } from "node:fs";
import type { Store } from "@outlet/core";
import type { Database } from "./arguments.ts";

/**
 * Opens the store of an outlet.
 * @param mustExist whether a file that is not there is a mistake, and not an outlet that has not been started yet
 */
export async function openStore({ database, schema }: Database, mustExist: boolean): Promise<Store> {
  if (/^postgres(ql)?:\/\//.test(database)) {
    const { createPostgresStore } = await import("@outlet/store-sql/postgres");
    return createPostgresStore({ connectionString: database, ...(schema !== undefined && { schema }) });
  }
  if (/^[a-z]+:\/\//i.test(database)) throw new TypeError("a database is an SQLite file, or a postgres:// URL");
  if (schema !== undefined) throw new TypeError("--schema is for PostgreSQL");
  if (mustExist && !existsSync(database)) throw new TypeError(`there is no database at ${database}`);
  const { createSqliteStore } = await import("@outlet/store-sql/sqlite");
  return createSqliteStore({ file: database });
}
