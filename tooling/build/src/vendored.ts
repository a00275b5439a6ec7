import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * Packages whose code becomes part of ours, each in a module of its own: they take longer to load, file by file, than all that
 * uses them. See docs/decisions/0015. Their types stay imports.
 */
const VENDORED: readonly string[] = ["zod"];

export function isVendored(id: string): boolean {
  return VENDORED.includes(id);
}

/** The vendored package that a file is of; null for any other file. */
export function vendoredPackageOf(file: string): string | null {
  const path = file.replaceAll("\\", "/");
  return VENDORED.find((name) => path.includes(`/node_modules/${name}/`)) ?? null;
}

/** What has to stand above the code of a package, as `folder` has it installed: which one it is, and its license. */
export async function noticeOf(name: string, folder: string): Promise<string> {
  const manifest = createRequire(join(folder, "package.json")).resolve(`${name}/package.json`);
  const { version } = JSON.parse(await readFile(manifest, "utf8")) as { version: string };
  const license = await readFile(join(dirname(manifest), "LICENSE"), "utf8");
  return `/*! ${name} ${version}\n\n${license.trim()}\n*/`;
}
