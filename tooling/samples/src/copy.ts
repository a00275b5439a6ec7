import { execFile } from "node:child_process";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Tarballs } from "./packed.ts";
import { type Manifest, manifestOf } from "./workspace.ts";

/** Copies what is the sample's own into an empty folder, and puts packed packages in place of the workspace's. */
export async function copyOut(sample: string, destination: string, tarballs: Tarballs): Promise<void> {
  for (const path of await ownFiles(sample)) {
    await mkdir(dirname(join(destination, path)), { recursive: true });
    await copyFile(join(sample, path), join(destination, path));
  }
  const manifest = standalone(await manifestOf(sample), tarballs);
  await writeFile(join(destination, "package.json"), JSON.stringify(manifest, null, 2));
}

/** What Git has of the folder, or would have of it. */
async function ownFiles(folder: string): Promise<string[]> {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const { stdout } = await promisify(execFile)("git", args, { cwd: folder });
  return stdout.split("\0").filter(Boolean);
}

/** The manifest with tarballs for workspace ranges, also for the packages that those packages need. */
function standalone(manifest: Manifest, tarballs: Tarballs): object {
  const packed = (ranges: Manifest["dependencies"] = {}) =>
    Object.fromEntries(
      Object.entries(ranges).map(([name, range]) => [name, range.startsWith("workspace:") ? fileOf(name) : range]),
    );
  const fileOf = (name: string) => {
    const tarball = tarballs.get(name);
    if (tarball === undefined)
      throw new Error(`${name} is not published, so that nobody could install ${manifest.name}`);
    return `file:${tarball}`;
  };
  return {
    ...manifest,
    dependencies: packed(manifest.dependencies),
    devDependencies: packed(manifest.devDependencies),
    overrides: Object.fromEntries([...tarballs.keys()].map((name) => [name, fileOf(name)])),
  };
}
