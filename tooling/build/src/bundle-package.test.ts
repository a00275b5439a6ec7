import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, expect, it } from "vitest";
import { bundlePackage } from "./bundle-package.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const exported = (name: string) => ({ "@outlet/source": `./src/${name}.ts`, default: `./dist/${name}.js` });
const manifest = {
  name: "sample",
  type: "module",
  exports: { ".": exported("index"), "./deep": exported("deep/index"), "./package.json": "./package.json" },
  bin: { sample: "./dist/bin.js" },
};

/** A package with these sources, built. */
async function built(sources: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), "outlet-build-"));
  folders.push(folder);
  const all: Record<string, string> = {
    "package.json": JSON.stringify(manifest),
    "tsconfig.build.json": JSON.stringify({ compilerOptions: { experimentalDecorators: true } }),
    "dist/stale.js": "",
    "src/index.ts": "",
    "src/deep/index.ts": "",
    "src/bin.ts": "#!/usr/bin/env node\n",
    ...sources,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  await bundlePackage(folder);
  const dist = join(folder, "dist");
  return {
    files: readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".js")),
    read: (path: string) => readFileSync(join(dist, path), "utf8"),
    load: (path: string) => import(pathToFileURL(join(dist, path)).href),
  };
}

it("makes a module of each entry, one of what they share, and removes what was there", async () => {
  const { files, load } = await built({
    "src/index.ts": 'import { Shared } from "./shared.ts";\nexport const here: Shared = new Shared();\n',
    "src/deep/index.ts": 'export { Shared } from "../shared.ts";\n',
    "src/shared.ts": 'import { label } from "./label.ts";\nexport class Shared { label: string = label; }\n',
    "src/label.ts": 'export const label = "one";\n',
  });
  expect(files.toSorted()).toEqual(["bin.js", "deep/index.js", "index.js", "shared.js"]);
  const [{ here }, { Shared }] = [await load("index.js"), await load("deep/index.js")];
  expect(here).toBeInstanceOf(Shared);
  expect(here.label).toBe("one");
});

it("leaves other packages and Node's modules imports, and a program its first line", async () => {
  const { read } = await built({
    "src/index.ts":
      'import { Pool } from "undici";\nimport { join } from "node:path";\nexport const both = [Pool, join];\n',
  });
  expect(read("index.js")).toContain('from "undici"');
  expect(read("index.js")).toContain('from "node:path"');
  expect(read("bin.js")).toMatch(/^#!\/usr\/bin\/env node\n/);
});

it("takes in what is vendored as a module of its own, no more of it than is used, under its notice", async () => {
  const { files, read, load } = await built({
    "src/index.ts": 'import { z } from "zod";\nexport const one = z.one;\n',
    "node_modules/zod/package.json": JSON.stringify({
      name: "zod",
      version: "4.5.6",
      main: "index.js",
      sideEffects: false,
    }),
    "node_modules/zod/index.js": 'export * as z from "./parts.js";\n',
    "node_modules/zod/parts.js": 'export const one = "the first";\nexport * as languages from "./languages.js";\n',
    "node_modules/zod/languages.js": 'export const klingon = "nuqneH";\n',
    "node_modules/zod/LICENSE": "Anybody may.\n",
  });
  expect(files.toSorted()).toEqual(["bin.js", "deep/index.js", "index.js", "zod.js"]);
  expect(read("zod.js")).toMatch(/^\/\*! zod 4\.5\.6\n\nAnybody may\.\n\*\/\n/);
  expect(read("zod.js")).not.toContain("nuqneH");
  expect((await load("index.js")).one).toBe("the first");
});

it("compiles decorators without a helper package", async () => {
  const { load } = await built({
    "src/index.ts": "const tag = (value: any) => { value.tagged = true; };\n@tag\nexport class Tagged {}\n",
  });
  expect((await load("index.js")).Tagged.tagged).toBe(true);
});

it("maps back to the sources, which the map holds", async () => {
  const { read } = await built({ "src/index.ts": "/** One. */\nexport const one: number = 1;\n" });
  const map = JSON.parse(read("index.js.map"));
  expect(map.sources).toEqual(["../src/index.ts"]);
  expect(map.sourcesContent[0]).toContain("/** One. */");
});
