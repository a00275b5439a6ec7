import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { lintPackage } from "./lint-package.ts";

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

const repository = { type: "git", url: "git+https://example.com/outlet.git" };
const sound = {
  name: "@outlet/sample",
  version: "0.1.0",
  license: "MIT",
  type: "module",
  sideEffects: false,
  repository: { ...repository, directory: "packages/sample" },
  engines: { node: ">=22" },
  files: ["dist"],
  exports: { ".": { "@outlet/source": "./src/index.ts", types: "./dist/index.d.ts", default: "./dist/index.js" } },
  publishConfig: { exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } } },
};

/** A workspace with one built package that is fit to publish, but for what the arguments change. */
function workspace(manifest: object = {}, files: Record<string, string> = {}) {
  const root = mkdtempSync(join(tmpdir(), "outlet-lint-"));
  roots.push(root);
  const all: Record<string, string> = {
    "package.json": JSON.stringify({ name: "root", private: true, license: "MIT", repository }),
    "pnpm-workspace.yaml": "packages:\n  - packages/*\n",
    LICENSE: "MIT License\n",
    "packages/sample/package.json": JSON.stringify({ ...sound, ...manifest }),
    "packages/sample/README.md": "# Sample\n",
    "packages/sample/src/index.ts": "export const a = 1;\n",
    "packages/sample/dist/index.js": "export const a = 1;\n",
    "packages/sample/dist/index.d.ts": "export declare const a = 1;\n",
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return { root, folder: join(root, "packages/sample") };
}

it("finds nothing wrong with a sound package, and packs the workspace's licence with it", async () => {
  const { folder } = workspace();
  expect(await lintPackage(folder)).toEqual({ name: "@outlet/sample", files: 5, problems: [] });
});

it("follows declarations that name each other's sources, as tsc writes them", async () => {
  const { folder } = workspace(
    {},
    {
      "packages/sample/dist/index.d.ts": 'export { a } from "./a.ts";\n',
      "packages/sample/dist/index.js": 'export { a } from "./a.js";\n',
      "packages/sample/dist/a.d.ts": "export declare const a = 1;\n",
      "packages/sample/dist/a.js": "export const a = 1;\n",
    },
  );
  expect((await lintPackage(folder)).problems).toEqual([]);
});

const { "@outlet/source": _, ...built } = sound.exports["."];
const cases: [what: string, manifest: object, files: Record<string, string>, problem: string][] = [
  ["the source condition", { publishConfig: {} }, {}, 'exports["."].@outlet/source is for this workspace alone'],
  [
    "an export without its file",
    { publishConfig: { exports: { ".": built, "./x": "./dist/x.js" } } },
    {},
    "./dist/x.js",
  ],
  ["sources", { files: ["dist", "src"] }, {}, "src/index.ts must not be published"],
  ["a test", {}, { "packages/sample/dist/index.test.js": "" }, "dist/index.test.js must not be published"],
  ["no README", {}, { "packages/sample/README.md": "" }, "README.md is missing"],
  [
    "a lost map",
    {},
    { "packages/sample/dist/index.js": "export const a = 1;\n//# sourceMappingURL=index.js.map\n" },
    "dist/index.js names the map index.js.map",
  ],
  [
    "a map to a file that is not published",
    {},
    { "packages/sample/dist/index.js.map": JSON.stringify({ sources: ["../src/index.ts"] }) },
    "dist/index.js.map points to ../src/index.ts",
  ],
  [
    "an undeclared import",
    {},
    { "packages/sample/dist/index.js": 'import "lodash";\nexport const a = 1;\n' },
    "imports lodash, which is neither",
  ],
  [
    "an import of a file that is not published",
    {},
    { "packages/sample/dist/index.js": 'export { a } from "./a.ts";\n' },
    "imports ./a.ts, which is not published",
  ],
  ["another licence", { license: "ISC" }, {}, "license is not the workspace's, MIT"],
  ["no engines", { engines: {} }, {}, "engines.node"],
  ["another repository", { repository }, {}, "repository is not"],
  ["a command without its first line", { bin: { sample: "./dist/index.js" } }, {}, "bin sample does not begin"],
  [
    "CommonJS in an ES module, which publint finds",
    {},
    { "packages/sample/dist/index.js": "module.exports = { a: 1 };\n" },
    "publint: ",
  ],
  [
    "types that are not there, which arethetypeswrong finds",
    { publishConfig: { exports: { ".": "./dist/main.js" } } },
    { "packages/sample/dist/main.js": "export const a = 1;\n" },
    "arethetypeswrong: ",
  ],
];

it.each(cases)("refuses %s", async (_what, manifest, files, problem) => {
  const { problems } = await lintPackage(workspace(manifest, files).folder);
  expect(problems.join("\n")).toContain(problem);
});

it("refuses the path of the machine it was built on", async () => {
  const { root, folder } = workspace();
  writeFileSync(join(folder, "dist/index.js"), `export const a = "${root}/packages/sample";\n`);
  expect((await lintPackage(folder)).problems).toEqual([
    "dist/index.js holds the path of the workspace it was built in",
  ]);
});
