import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Ledger, Store } from "@outlet/core";
import { createPostgresLedger, createPostgresStore } from "@outlet/store-sql/postgres";
import { createSqliteLedger, createSqliteStore } from "@outlet/store-sql/sqlite";
import { Pool } from "pg";
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

/** Runs one statement past the store, and gives its rows. */
export async function runSql(place: Place, statement: string): Promise<unknown[]> {
  if ("file" in place) {
    const database = new DatabaseSync(place.file);
    try {
      return database.prepare(statement).all();
    } finally {
      database.close();
    }
  }
  const { connectionString, schema } = place;
  const pool = new Pool({ connectionString, max: 1, options: `-c search_path=${schema}` });
  try {
    return (await pool.query(statement)).rows;
  } finally {
    await pool.end();
  }
}

export async function sqliteDatabase(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), "outlet-store-"));
  return { place: { file: join(folder, "outlet.db") }, drop: () => rm(folder, { recursive: true }) };
}

export async function postgresDatabase(connectionString: string): Promise<TestDatabase> {
  const schema = schemaName();
  return { place: { connectionString, schema }, drop: () => dropSchema(connectionString, schema) };
}
