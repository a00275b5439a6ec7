import { randomUUID } from "node:crypto";
import { Pool } from "pg";

const LOCAL = ["postgres", "root"].map((user) => `postgres://${user}@127.0.0.1:5432/postgres`);

/** The PostgreSQL server that tests may use; null where there is none. In CI there must be one. */
export async function findPostgres(): Promise<string | null> {
  const { OUTLET_TEST_POSTGRES_URL: given, CI } = process.env;
  for (const url of given ? [given] : LOCAL) {
    if (await answers(url)) return url;
  }
  if (given || CI === "true") throw new Error(`No PostgreSQL answers at ${given ?? "127.0.0.1:5432"}.`);
  console.warn("No PostgreSQL at OUTLET_TEST_POSTGRES_URL or 127.0.0.1:5432: its tests are skipped.");
  return null;
}

async function answers(connectionString: string): Promise<boolean> {
  const pool = new Pool({ connectionString, max: 1, connectionTimeoutMillis: 20_000 });
  try {
    await pool.query("select 1");
    return true;
  } catch {
    return false;
  } finally {
    await pool.end();
  }
}

/** A name that no other run has. */
export function schemaName(): string {
  return `outlet_test_${randomUUID().replaceAll("-", "")}`;
}

export async function dropSchema(connectionString: string, schema: string): Promise<void> {
  const pool = new Pool({ connectionString, max: 1 });
  try {
    await pool.query(`drop schema if exists "${schema}" cascade`);
  } finally {
    await pool.end();
  }
}
