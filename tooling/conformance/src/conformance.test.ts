import { mkdirSync, writeFileSync } from "node:fs";
import { operations } from "@outlet/core";
import { type Conformance, formatTable, type Result, requirements, startConformance } from "@outlet/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cells } from "./cells.ts";

const ARTIFACTS = new URL("../../../.artifacts/", import.meta.url);
const results: Result[] = [];

describe.each(cells.map((cell) => ({ name: cell.name, cell })))("$name", ({ cell }) => {
  let conformance: Conformance;
  beforeAll(async () => {
    conformance = await startConformance(cell);
  });
  afterAll(() => conformance.close());

  it.each(requirements.map((requirement) => ({ id: requirement.id, requirement })))(
    "$id",
    async ({ requirement }) => {
      const result = await conformance.check(requirement);
      results.push(result);
      if (result.outcome === "failed") throw result.error;
      const stale = result.outcome === "passed" && cell.gaps?.[requirement.id] !== undefined;
      expect(stale, "this gap is closed: take it out of the cell").toBe(false);
    },
    // The kit has its own, shorter deadlines, which say what did not happen.
    30_000,
  );
});

describe("the suite", () => {
  it.each(operations.map(({ id }) => id))("cites a requirement for %s", (id) => {
    expect(requirements.some((requirement) => requirement.operations.includes(id))).toBe(true);
  });
});

afterAll(() => {
  const table = formatTable(results);
  mkdirSync(ARTIFACTS, { recursive: true });
  writeFileSync(new URL("conformance.md", ARTIFACTS), table);
  console.log(`\n${table}`);
});
