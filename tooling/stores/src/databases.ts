import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Ledger, Store } from "@outlet/core";
import { createPostgresLedger, createPostgresStore } from "@outlet/store-sql/postgres";
import { createSqliteLedger, createSqliteStore } from "@outlet/store-sql/sqlite";
import { dropSchema, schemaName } from "./postgres.ts";

/** Where a database is, in words that can be handed to another process. */
export type Place = { readonly file: string } | { readonly connectionString: string; readonly schema: string };

export interface TestDatabase {
  readonly place: Place;
  drop(): Promise<void>;
}

export function openStore(place: Place): Promise<Store> {
  return "file" in place ? createSqliteStore(place) : createPostgresStore(place);
}

export function openLedger(place: Place, leaseMs?: number): Promise<Ledger> {
  const options = leaseMs === undefined ? place : { ...place, leaseMs };
  return "file" in options ? createSqliteLedger(options) : createPostgresLedger(options);
}

export async function sqliteDatabase(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), "outlet-store-"));
  return { place: { file: join(folder, "outlet.db") }, drop: () => rm(folder, { recursive: true }) };
}

export async function postgresDatabase(connectionString: string): Promise<TestDatabase> {
  const schema = schemaName();
  return { place: { connectionString, schema }, drop: () => dropSchema(connectionString, schema) };
}
