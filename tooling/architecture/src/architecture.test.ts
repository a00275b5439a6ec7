import { expect, it } from "vitest";
import { report } from "./rule.ts";
import { rules } from "./rules.ts";
import { readWorkspace } from "./workspace.ts";

const workspace = readWorkspace(new URL("../../..", import.meta.url).pathname);

it("reads the whole repository", () => {
  expect(workspace.packages.map(({ manifest }) => manifest.name)).toContain("@outlet/core");
  expect(workspace.sources.length).toBeGreaterThan(50);
});

it.each(rules)("$name", ({ check }) => {
  expect(report(check(workspace))).toEqual([]);
});
