import { describe } from "vitest";
import { postgresDatabase, sqliteDatabase, type TestDatabase } from "./databases.ts";
import { findPostgres } from "./postgres.ts";

const url = await findPostgres();

/** Describes the same tests on SQLite and, where there is a server, on PostgreSQL. */
export function onEveryDatabase(tests: (create: () => Promise<TestDatabase>) => void): void {
  describe("SQLite", () => tests(sqliteDatabase));
  describe.runIf(url)("PostgreSQL", () => tests(() => postgresDatabase(url as string)));
}
