import { requirements } from "@outlet/testing";
import { expect, it } from "vitest";
import { groups } from "./groups.ts";
import { conformancePage } from "./page.ts";

const PAGE = new URL("../../../docs/conformance.md", import.meta.url);

it("docs/conformance.md is up to date", async () => {
  await expect(
    conformancePage(groups, requirements),
    "refresh it: cd tooling/conformance && npx -y pnpm@12 run page",
  ).toMatchFileSnapshot(PAGE.pathname);
});

it("gives every cell a name of its own, and every gap a requirement", () => {
  const cells = groups.flatMap((group) => group.cells);
  const names = cells.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const ids = requirements.map(({ id }) => id);
  for (const { gaps, only } of cells) {
    for (const id of [...Object.keys(gaps ?? {}), ...(only?.ids ?? [])]) expect(ids).toContain(id);
  }
});
