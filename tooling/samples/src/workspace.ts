import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

export async function manifestOf(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
}

/** The folders of the packages that are published. */
export async function publishedFolders(): Promise<string[]> {
  const folders = (await readdir(join(ROOT, "packages"))).map((name) => join(ROOT, "packages", name));
  const manifests = await Promise.all(folders.map(manifestOf));
  return folders.filter((_, i) => !manifests[i]?.private);
}
