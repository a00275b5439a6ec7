import { createMemoryLedger } from "@outlet/core";
import { createSqliteLedger } from "@outlet/store-sql/sqlite";
import { checkLedger, type LedgerCell, ledgerRequirements } from "@outlet/testing";
import { describe, expect, it } from "vitest";
import { openLedger, postgresDatabase, sqliteDatabase, type TestDatabase } from "../databases.ts";
import { findPostgres } from "../postgres.ts";

const url = await findPostgres();

const shared = ({ place, drop }: TestDatabase) => ({ shared: true, open: () => openLedger(place), drop });
const alone = (open: LedgerOpen) => async () => ({ shared: false, open, drop: async () => {} });
type LedgerOpen = Awaited<ReturnType<LedgerCell["create"]>>["open"];

const memory: LedgerCell = { name: "memory", create: alone(async () => createMemoryLedger()) };
const sqliteMemory: LedgerCell = { name: "SQLite in memory", create: alone(() => createSqliteLedger()) };
const sqlite: LedgerCell = { name: "SQLite", create: async () => shared(await sqliteDatabase()) };
const postgres = (at: string): LedgerCell => ({
  name: "PostgreSQL",
  create: async () => shared(await postgresDatabase(at)),
});

function conforms(cell: LedgerCell): void {
  it.each(ledgerRequirements.map((requirement) => ({ id: requirement.id, requirement })))(
    "$id",
    async ({ requirement }) => {
      const { error, outcome } = await checkLedger(cell, requirement);
      expect(error).toBeUndefined();
      expect(outcome).not.toBe("failed");
    },
    40_000,
  );
}

describe.each([memory, sqliteMemory, sqlite])("$name", conforms);

describe.runIf(url)("PostgreSQL", () => conforms(postgres(url as string)));
