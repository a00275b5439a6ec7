import type { Ledger } from "@outlet/core";
import { createSqlLedger, type SqlLedgerOptions } from "../ledger/sql-ledger.ts";
import type { LedgerTables } from "../ledger/tables.ts";
import { openPostgres, type PostgresOptions } from "./open-postgres.ts";
import { postgresGroups } from "./postgres-groups.ts";

export type PostgresLedgerOptions = PostgresOptions & SqlLedgerOptions;

/**
 * A ledger in a PostgreSQL database (12 or later), which any number of processes may share.
 * @throws Error when the database cannot be reached, or its schema belongs to a newer version of this package
 */
export async function createPostgresLedger({ leaseMs, ...options }: PostgresLedgerOptions): Promise<Ledger> {
  const opened = openPostgres<LedgerTables>(options);
  const groups = (node: number) => postgresGroups(opened.pool, opened.schema, node);
  try {
    return await createSqlLedger({ ...opened, groups }, leaseMs);
  } catch (error) {
    await opened.close();
    throw error;
  }
}
