import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { type Rule, report } from "./rule.ts";
import { noDeepImports, resourcesStandAlone } from "./rules/boundaries.ts";
import { importsAreDeclared } from "./rules/declared.ts";
import { dependenciesPointOneWay, eachPackageBringsItsOwn } from "./rules/layers.ts";
import { runsAnywhere } from "./rules/runtimes.ts";
import { exportsAreNamed, filesAreShort, testsAllRun } from "./rules/style.ts";
import {
  changesetsCanBeRead,
  lockfileHasNoUrls,
  noMachinePaths,
  noRegistryHosts,
  nothingIsPromised,
} from "./rules/text.ts";
import { rules } from "./rules.ts";
import { readWorkspace } from "./workspace.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A repository that keeps every rule, but for the files given. */
function repository(files: Record<string, string>) {
  const root = mkdtempSync(join(tmpdir(), "outlet-architecture-"));
  folders.push(root);
  const sound: Record<string, string> = {
    "package.json": manifest("outlet", { devDependencies: { vitest: "*" } }),
    "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
    "packages/core/package.json": manifest("@outlet/core", { dependencies: { zod: "*" } }),
    "packages/core/src/index.ts": 'export { a } from "./a.ts";\n',
    "packages/core/src/a.ts": 'import { z } from "zod";\nexport const a = z;\n',
    "packages/core/src/a.test.ts": 'import { it } from "vitest";\nimport "node:http";\nit("a", () => {});\n',
    "packages/express/package.json": manifest("@outlet/express", {
      dependencies: { "@outlet/core": "*" },
      peerDependencies: { express: "*" },
    }),
    "packages/express/src/index.ts": 'import "node:http";\nimport "express";\nimport "@outlet/core/node";\n',
    "packages/hono/package.json": manifest("@outlet/hono", { dependencies: { "@outlet/core": "*" } }),
  };
  for (const [path, text] of Object.entries({ ...sound, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return readWorkspace(root);
}

function manifest(name: string, fields: object) {
  return JSON.stringify({ name, exports: { ".": "./dist/index.js", "./node": "./dist/node.js" }, ...fields });
}

it("finds nothing in a repository that keeps the rules", () => {
  const workspace = repository({});
  expect(rules.flatMap((rule) => report(rule.check(workspace)))).toEqual([]);
});

const breaches: [Rule, path: string, text: string, expected: string][] = [
  [dependenciesPointOneWay, "packages/core/src/b.ts", 'import "@outlet/express";', "packages/core/src/b.ts:1"],
  [dependenciesPointOneWay, "packages/express/src/b.ts", 'import("@outlet/hono");', "packages/express/src/b.ts:1"],
  [
    dependenciesPointOneWay,
    "packages/express/package.json",
    manifest("@outlet/express", { devDependencies: { "@outlet/hono": "*" } }),
    "@outlet/express must not depend on @outlet/hono",
  ],
  [dependenciesPointOneWay, "packages/new/package.json", manifest("@outlet/new", {}), "no place in the layers"],
  [eachPackageBringsItsOwn, "packages/core/src/b.ts", 'export { x } from "lodash";', "must not import lodash"],
  [eachPackageBringsItsOwn, "packages/express/src/b.ts", 'import "hono";', "must not import hono"],
  [runsAnywhere, "packages/core/src/node/b.ts", '\nimport { x } from "node:fs";', "packages/core/src/node/b.ts:2"],
  [runsAnywhere, "packages/hono/src/b.ts", 'import type { X } from "http";', "must not import http"],
  [noDeepImports, "packages/express/src/b.ts", 'import "@outlet/core/src/a.ts";', "is not an export"],
  [noDeepImports, "packages/express/src/b.ts", 'import "../../core/src/a.ts";', "leaves packages/express"],
  [
    resourcesStandAlone,
    "packages/core/src/resources/x/x.service.ts",
    'import { y } from "../y/y.service.ts";',
    "x.service.ts:1",
  ],
  [importsAreDeclared, "packages/express/src/b.ts", 'import "vitest";', "vitest is not in the dependencies or peer"],
  [
    importsAreDeclared,
    "packages/express/src/b.test.ts",
    'import "openai";',
    "openai is not in the dependencies or dev",
  ],
  [filesAreShort, "packages/core/src/b.ts", `${"\n".repeat(400)}export const b = 1;`, "401 lines"],
  [exportsAreNamed, "packages/core/src/b.ts", 'export * from "./a.ts";', "`export *`"],
  [exportsAreNamed, "packages/core/src/b.ts", "export default 1;", "default export"],
  [testsAllRun, "packages/core/src/b.test.ts", 'import { it } from "vitest";\nit.only("b", () => {});', "b.test.ts:2"],
  [testsAllRun, "packages/core/src/b.test.ts", 'describe.skip.each([1])("b", () => {});', "describe.skip"],
  [nothingIsPromised, "packages/core/src/b.ts", "// TODO: b\n", 'packages/core/src/b.ts:1: "TODO"'],
  [nothingIsPromised, "README.md", "# Outlet\n\nAudio: coming soon.\n", "README.md:3"],
  [noMachinePaths, "docs/a.md", "Look in `/home/ann/outlet/`.", "docs/a.md:1"],
  [noRegistryHosts, ".npmrc", "registry=https://registry.npmjs.org/\n", ".npmrc:1"],
  [lockfileHasNoUrls, "pnpm-lock.yaml", "resolution: {tarball: https://example.com/a.tgz}", "pnpm-lock.yaml:1"],
  [changesetsCanBeRead, ".changeset/a.md", '---\n\n"@outlet/core": patch\n---\n\nA.\n', ".changeset/a.md"],
];

const cases = breaches.map(([rule, path, text, expected]) => ({ name: rule.name, rule, path, text, expected }));

it.each(cases)("$name: reports $expected", ({ rule, path, text, expected }) => {
  const found = report(rule.check(repository({ [path]: text })));
  expect(found.join("\n")).toContain(expected);
});
