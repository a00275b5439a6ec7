import type { Store } from "@outlet/core";
import { createSqlStore } from "../sql-store.ts";
import type { Tables } from "../tables.ts";
import { openPostgres, type PostgresOptions } from "./open-postgres.ts";
import { postgresRows } from "./postgres-rows.ts";

export type PostgresStoreOptions = PostgresOptions;

/**
 * A store in a PostgreSQL database (12 or later), which any number of processes may share.
 * @throws Error when the database cannot be reached, or its schema belongs to a newer version of this package
 */
export async function createPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const opened = openPostgres<Tables>(options);
  try {
    return await createSqlStore({ ...opened, rows: postgresRows(opened.database) });
  } catch (error) {
    await opened.close();
    throw error;
  }
}
