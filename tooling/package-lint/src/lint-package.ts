import { readFile } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { checkFiles, checkImports, checkTraces } from "./contents.ts";
import { checkWithAreTheTypesWrong, checkWithPublint } from "./ecosystem.ts";
import { checkManifest } from "./manifest.ts";
import { pack } from "./pack.ts";

export interface LintResult {
  readonly name: string;
  /** How many files the tarball holds. */
  readonly files: number;
  /** One line each; empty when the package may be published. */
  readonly problems: readonly string[];
}

/** Packs the package in `folder` (two below the workspace's root) and checks the tarball. */
export async function lintPackage(folder: string): Promise<LintResult> {
  const root = resolve(folder, "../..");
  const rootManifest = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const packed = await pack(folder);
  const problems = [
    ...checkFiles(packed),
    ...checkTraces(packed, root),
    ...checkImports(packed),
    ...checkManifest(packed, rootManifest, relative(root, folder).split(sep).join("/")),
    ...(await checkWithPublint(packed)),
    ...(await checkWithAreTheTypesWrong(packed)),
  ];
  return { name: packed.manifest.name, files: packed.files.size, problems };
}
