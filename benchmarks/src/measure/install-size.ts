import { execFile } from "node:child_process";
import { lstat, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename } from "node:path";
import { promisify } from "node:util";
import type { Bench } from "../bench.ts";
import { pathOf } from "../host/process.ts";
import { type Manifest, npmInstall } from "../npm.ts";
import { manifestOf as peerManifest } from "../peers.ts";
import type { Install } from "../targets.ts";

const run = promisify(execFile);

/** Bytes in `node_modules` after `npm install` of what a target takes, into an empty folder. */
export async function measureInstallSize({ settings, samples }: Bench): Promise<void> {
  const folder = await mkdtemp(`${tmpdir()}/outlet-bench-`);
  const packed = new Map<string, string>();
  try {
    for (const { name, label, install } of settings.targets) {
      if (install === undefined) continue;
      console.error(`size: ${name}`);
      try {
        await npmInstall(`${folder}/${name}`, await manifestOf(install, folder, packed));
        const { bytes, packages } = await contentsOf(`${folder}/${name}/node_modules`);
        samples.add("size", name, 0, bytes);
        samples.add("packages", name, 0, packages);
      } catch (error) {
        samples.note(`Install size: ${label} failed (${(error as Error).message.split("\n")[0]}).`);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function manifestOf(
  { outlet = [], packages = [], peer }: Install,
  folder: string,
  packed: Map<string, string>,
): Promise<Manifest> {
  if (peer) return peerManifest(peer);
  const dependencies: Record<string, string> = {};
  for (const name of outlet) {
    const file = packed.get(name) ?? (await pack(name, folder));
    packed.set(name, file);
    dependencies[`@outlet/${name}`] = `file:${file}`;
  }
  for (const name of packages) dependencies[name] = await versionOf(name);
  return { dependencies };
}

/** A package as it would be published. */
async function pack(name: string, folder: string): Promise<string> {
  const cwd = pathOf(`../../../packages/${name}`, import.meta.url);
  const { stdout } = await run("npx", ["-y", "pnpm@12", "pack", "--json", "--pack-destination", folder], { cwd });
  const { filename } = JSON.parse(stdout.slice(stdout.indexOf("{"))) as { filename: string };
  return `${folder}/${basename(filename)}`;
}

async function versionOf(name: string): Promise<string> {
  const file = pathOf(`../../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(await readFile(file, "utf8")) as { version: string }).version;
}

/** Files' own sizes, not those of the blocks they take on this disk; symbolic links count for nothing. */
async function contentsOf(folder: string): Promise<{ bytes: number; packages: number }> {
  let bytes = 0;
  let packages = 0;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = `${entry.parentPath}/${entry.name}`;
    if (/node_modules\/(@[^/]+\/)?[^/@.][^/]*$/.test(path) && entry.isDirectory()) packages++;
    if (entry.isFile()) bytes += (await lstat(path)).size;
  }
  return { bytes, packages };
}
