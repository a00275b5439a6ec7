import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import type { Page } from "./pages.ts";

const here = resolve(import.meta.dirname, "..");

/** As a reader's own project would be: strict, and with the decorators that NestJS wants. */
const tsconfig = {
  extends: "../../../../tsconfig.base.json",
  compilerOptions: {
    types: ["node"],
    moduleDetection: "force",
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    erasableSyntaxOnly: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
  },
  include: ["*.ts"],
};

/**
 * Type-checks the TypeScript blocks of the pages, each as a module of its own.
 * @param name the folder of `.generated` to write the blocks to; below this package, so that their imports resolve.
 * @returns the compiler's errors as `page:line: what`.
 */
export async function typeErrors(pages: readonly Page[], name: string): Promise<string[]> {
  const folder = join(here, ".generated", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const origins = new Map<string, { path: string; line: number }>();
  for (const page of pages) {
    for (const { language, code, line } of page.blocks) {
      if (!/^(ts|mts|typescript)$/.test(language)) continue;
      const file = `${page.path.replace(/\W+/g, "-")}-${line}.ts`;
      origins.set(file, { path: page.path, line });
      writeFileSync(join(folder, file), `${code}\n`);
    }
  }
  if (origins.size === 0) return [];
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig, null, 2));
  const output = await runCompiler(folder);
  return output
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [, file = "", at = "1", message = ""] = /^([^(\s]+)\((\d+),\d+\): (.*)$/.exec(line) ?? [];
      const origin = origins.get(file);
      return origin ? `${origin.path}:${origin.line + Number(at) - 1}: ${message}` : line;
    });
}

/** The native compiler's output; empty when it has nothing to say. */
function runCompiler(folder: string): Promise<string> {
  const manifest = createRequire(import.meta.url).resolve("typescript/package.json");
  const { bin } = createRequire(import.meta.url)(manifest);
  return new Promise((done, fail) => {
    const args = [join(dirname(manifest), bin.tsc), "-p", "tsconfig.json", "--singleThreaded", "--pretty", "false"];
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
      if (error && stdout === "") fail(new Error(stderr || error.message, { cause: error }));
      else done(stdout);
    });
  });
}
