import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store } from "@outlet/core";
import { createPostgresStore } from "@outlet/store-sql/postgres";
import { createSqliteStore } from "@outlet/store-sql/sqlite";
import { Pool } from "pg";

/** An empty database, gone after `drop`. */
export interface BenchDatabase {
  open(): Promise<Store>;
  drop(): Promise<void>;
}

export async function sqlite(): Promise<BenchDatabase> {
  const folder = await mkdtemp(join(tmpdir(), "outlet-bench-"));
  return {
    open: () => createSqliteStore({ file: join(folder, "outlet.db") }),
    drop: () => rm(folder, { recursive: true }),
  };
}

export async function postgres(connectionString: string): Promise<BenchDatabase> {
  const schema = `outlet_bench_${randomUUID().replaceAll("-", "")}`;
  return {
    open: () => createPostgresStore({ connectionString, schema }),
    async drop() {
      const pool = new Pool({ connectionString, max: 1 });
      await pool.query(`drop schema if exists "${schema}" cascade`);
      await pool.end();
    },
  };
}
