import { createMemoryStore } from "@outlet/core";
import { createSqliteStore } from "@outlet/store-sql/sqlite";
import type { StoreCell } from "@outlet/testing";
import { openStore, postgresDatabase, sqliteDatabase, type TestDatabase } from "./databases.ts";

export const memory: StoreCell = {
  name: "memory",
  create: async () => ({ shared: false, open: async () => createMemoryStore(), drop: async () => {} }),
};

export const sqliteMemory: StoreCell = {
  name: "SQLite in memory",
  create: async () => ({ shared: false, open: () => createSqliteStore(), drop: async () => {} }),
};

export const sqliteFile: StoreCell = { name: "SQLite", create: async () => shared(await sqliteDatabase()) };

export function postgres(connectionString: string): StoreCell {
  return { name: "PostgreSQL", create: async () => shared(await postgresDatabase(connectionString)) };
}

function shared({ place, drop }: TestDatabase) {
  return { shared: true, open: () => openStore(place), drop };
}
