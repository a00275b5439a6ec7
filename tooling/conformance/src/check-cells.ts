import { type Conformance, requirements, startConformance } from "@outlet/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checks, expected, type TableCell } from "./cells.ts";
import { row } from "./rows.ts";

/**
 * A test for each requirement in each cell. Cells run side by side, since some requirements wait for what does not come;
 * within a cell there is one at a time.
 */
export function checkCells(cells: readonly TableCell[]): void {
  describe.concurrent.each(cells.map((cell) => ({ name: cell.name, cell })))("$name", ({ cell }) => {
    const missing = process.env.CI ? undefined : cell.missing?.();
    let conformance: Conformance;
    beforeAll(async () => {
      if (!missing) conformance = await startConformance(cell);
    }, 90_000);
    afterAll(() => conformance?.close());

    const own = requirements.filter((requirement) => checks(cell, requirement));
    it.for(own.map((requirement) => ({ id: requirement.id, requirement })))(
      "$id",
      // The kit has its own, shorter deadlines, which say what did not happen.
      { concurrent: false, timeout: 90_000 },
      async ({ requirement }, { task, skip }) => {
        skip(missing !== undefined, missing);
        const result = await conformance.check(requirement);
        task.meta.row = row(result);
        if (result.outcome === "failed") throw result.error;
        expect(result.outcome, "a gap that is closed must be taken out of the cell").toBe(expected(cell, requirement));
      },
    );
  });
}
