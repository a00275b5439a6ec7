import { resolve } from "node:path";
import { expect, it } from "vitest";
import { typeErrors } from "./compile.ts";
import { brokenLinks } from "./links.ts";
import { readPages } from "./pages.ts";

const root = resolve(import.meta.dirname, "../../..");
const pages = readPages(root);

it("every TypeScript block of the pages compiles", { timeout: 120_000 }, async () => {
  expect(await typeErrors(pages, "pages")).toEqual([]);
});

it("every relative link of the pages leads somewhere", () => {
  expect(brokenLinks(root, pages)).toEqual([]);
});
