import { checkStore, type StoreCell, storeRequirements } from "@outlet/testing";
import { describe, expect, it } from "vitest";
import { memory, postgres, sqliteFile, sqliteMemory } from "./cells.ts";
import { findPostgres } from "./postgres.ts";

const url = await findPostgres();

function conforms(cell: StoreCell): void {
  it.each(storeRequirements.map((requirement) => ({ id: requirement.id, requirement })))(
    "$id",
    async ({ requirement }) => {
      const { error, outcome } = await checkStore(cell, requirement);
      expect(error).toBeUndefined();
      expect(outcome).not.toBe("failed");
    },
    40_000,
  );
}

describe.each([memory, sqliteMemory, sqliteFile])("$name", conforms);

describe.runIf(url)("PostgreSQL", () => conforms(postgres(url as string)));
