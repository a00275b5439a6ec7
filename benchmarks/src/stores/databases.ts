import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store } from "@outlet/core";
import { createPostgresStore } from "@outlet/store-sql/postgres";
import { createSqliteStore } from "@outlet/store-sql/sqlite";
import { Pool } from "pg";

/** A database of the benchmark's own: an empty one that is gone after `drop`, or one that is kept under its name. */
export interface BenchDatabase {
  open(): Promise<Store>;
  drop(): Promise<void>;
}

export async function sqlite(name: string | null): Promise<BenchDatabase> {
  const folder =
    name === null ? await mkdtemp(join(tmpdir(), "outlet-bench-")) : join(tmpdir(), `outlet-bench-kept-${name}`);
  if (!existsSync(folder)) await mkdir(folder);
  return {
    open: () => createSqliteStore({ file: join(folder, "outlet.db") }),
    async drop() {
      if (name === null) await rm(folder, { recursive: true });
    },
  };
}

export async function postgres(connectionString: string, name: string | null): Promise<BenchDatabase> {
  const schema = `outlet_bench_${name ?? randomUUID().replaceAll("-", "")}`;
  return {
    open: () => createPostgresStore({ connectionString, schema }),
    async drop() {
      if (name !== null) return;
      const pool = new Pool({ connectionString, max: 1 });
      await pool.query(`drop schema if exists "${schema}" cascade`);
      await pool.end();
    },
  };
}
