import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { typeErrors } from "./compile.ts";
import { brokenLinks } from "./links.ts";
import { readPages } from "./pages.ts";

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

function tree(files: Record<string, string>) {
  const root = mkdtempSync(join(tmpdir(), "outlet-docs-"));
  roots.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return { root, pages: readPages(root) };
}

it("names the page and the line of a block that does not compile", { timeout: 60_000 }, async () => {
  const { pages } = tree({
    "README.md":
      "# A\n\n```ts\nexport const a: number = 1;\n```\n\n```ts\nimport 'node:http';\nconst b: number = 'b';\n```\n",
    "docs/a.md": "- In a list:\n\n  ```ts\n  import { nothing } from '@outlet/core';\n  ```\n\n```js\nlet = ;\n```\n",
  });
  expect((await typeErrors(pages, "broken")).sort()).toEqual([
    expect.stringMatching(/^README\.md:9: error TS2322/),
    expect.stringMatching(/^docs\/a\.md:4: error TS2305/),
  ]);
});

it("compiles blocks apart, with decorators, top-level await and the frameworks", { timeout: 60_000 }, async () => {
  const { pages } = tree({
    "README.md": [
      "```ts\nimport express from 'express';\nconst app = express();\nawait app.get('/');\n```",
      "```ts\nimport { Module } from '@nestjs/common';\n@Module({})\nexport class app {}\n```",
      "```ts\nimport { Hono } from 'hono';\nconst app = new Hono();\n```",
    ].join("\n\n"),
  });
  expect(await typeErrors(pages, "sound")).toEqual([]);
});

it("follows links to files, folders and headings", () => {
  const { root, pages } = tree({
    "README.md":
      "# Outlet\n\n[a](docs/a.md) [b](docs/a.md#how-it-works) [c](#outlet) [d](docs) [e](https://example.com/x)\n",
    "docs/a.md":
      "# How *it* works!\n\n## How it works\n\n[up](../README.md#outlet) `[not](a-link.md)` [twice](#how-it-works-1)\n",
  });
  expect(brokenLinks(root, pages)).toEqual([]);
});

it("names the page and the line of a broken link", () => {
  const { root, pages } = tree({
    "README.md": "# Outlet\n\n[a](docs/b.md)\n[b](docs/a.md#nothing)\n[c](/docs/a.md)\n\n[d]: ../away.md\n",
    "docs/a.md": "# A\n\n```md\n[no](link.md)\n```\n",
  });
  expect(brokenLinks(root, pages)).toEqual([
    "README.md:3: docs/b.md: no such file",
    "README.md:4: docs/a.md#nothing: no such heading",
    "README.md:5: /docs/a.md: starts at the site's root; make it relative",
    "README.md:7: ../away.md: leaves the repository",
  ]);
});
