import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What npm shall install, and in which versions it shall hold what these packages depend on. */
export interface Manifest {
  dependencies: Record<string, string>;
  overrides?: Record<string, string> | undefined;
}

/** `npm install` into a folder of its own, as a user of these packages would; nobody's install scripts are run. */
export async function npmInstall(folder: string, manifest: Manifest): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/package.json`, JSON.stringify({ private: true, ...manifest }));
  const flags = ["--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--prefer-offline"];
  await run("npm", ["install", ...flags], { cwd: folder });
}
