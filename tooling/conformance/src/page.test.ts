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

it("checks everything in one cell of each adapter and runtime", () => {
  const whole = groups.flatMap((group) => group.cells).filter(({ variant }) => !variant);
  expect(whole.map(({ name }) => name)).toEqual([
    "core in process",
    "core on node:http",
    "Express 4 · /v1 · before json()",
    "Express 5 · /v1 · before json()",
    "Hono on Node · /v1",
    "Hono on Bun",
    "Hono on Deno",
    "Hono on workerd",
    "Hono on workerd · connections reset",
    "Nest on Express · /v1",
    "Nest on Fastify · /v1",
  ]);
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
