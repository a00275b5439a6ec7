import { hash } from "node:crypto";
import { sql } from "kysely";
import type { SqlDialect } from "../dialect.ts";

/** SQLSTATE classes and codes that lay an error to a statement's values: data, integrity, program limits. */
const ABOUT_VALUES = /^(22|23|54)/;

/** The dialect in a schema, which is made when it is not there. */
export function postgresDialect(schema: string): SqlDialect {
  const migrationLock = lockNumber(`outlet ${schema}`);
  return {
    words: {
      position: "bigint generated always as identity primary key",
      ascending: "bigint generated always as identity primary key",
      bytes: "bytea",
      bigint: "bigint",
      clustered: "",
      largest: "greatest",
    },
    // Each looks past what those before it have left for the vacuum: fewer at a time take longer in all.
    sweptAtOnce: 200,
    skipLocked: true,
    locksRows: true,
    async beforeMigration(db) {
      await sql`select pg_advisory_xact_lock(${migrationLock}::bigint)`.execute(db);
      await sql`create schema if not exists ${sql.id(schema)}`.execute(db);
      await sql`set local search_path to ${sql.id(schema)}`.execute(db);
    },
    async lockOwners(db, owners) {
      // In one order, so that no two transactions wait for each other.
      const locks = [...owners].map((owner) => lockNumber(JSON.stringify([schema, owner]))).sort();
      await sql`select pg_advisory_xact_lock(lock) from unnest(${locks}::bigint[]) as lock`.execute(db);
    },
    async lockTable(db, table) {
      await sql`lock table ${sql.id(schema, table)} in exclusive mode`.execute(db);
    },
    isBusy: () => false,
    isAboutValues: (error) => ABOUT_VALUES.test(String((error as { code?: unknown } | null)?.code ?? "")),
  };
}

/** 64 bits, as text: owners that share one wait for each other, and that is all. */
function lockNumber(name: string): string {
  return hash("sha256", name, "buffer").readBigInt64BE().toString();
}
