import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryStore } from "@outlet/core";
import { createPostgresStore } from "@outlet/store-sql/postgres";
import { createSqliteStore } from "@outlet/store-sql/sqlite";
import type { StoreCell } from "@outlet/testing";
import { dropSchema, schemaName } from "./postgres.ts";

export const memory: StoreCell = {
  name: "memory",
  create: async () => ({ shared: false, open: async () => createMemoryStore(), drop: async () => {} }),
};

export const sqliteMemory: StoreCell = {
  name: "SQLite in memory",
  create: async () => ({ shared: false, open: () => createSqliteStore(), drop: async () => {} }),
};

export const sqliteFile: StoreCell = {
  name: "SQLite",
  async create() {
    const folder = await mkdtemp(join(tmpdir(), "outlet-store-"));
    return {
      shared: true,
      open: () => createSqliteStore({ file: join(folder, "outlet.db") }),
      drop: () => rm(folder, { recursive: true }),
    };
  },
};

export function postgres(connectionString: string): StoreCell {
  return {
    name: "PostgreSQL",
    async create() {
      const schema = schemaName();
      return {
        shared: true,
        open: () => createPostgresStore({ connectionString, schema }),
        drop: () => dropSchema(connectionString, schema),
      };
    },
  };
}
