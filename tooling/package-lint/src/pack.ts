import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPackageFromTarballData, type Package } from "@arethetypeswrong/core";
import { packTarball } from "./tarball.ts";

export interface PackedManifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly type?: string;
  readonly engines?: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
  readonly repository?: string | { readonly url?: string; readonly directory?: string };
  readonly exports?: unknown;
  readonly bin?: string | Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** What a package's tarball holds. */
export interface Packed {
  readonly tarball: Uint8Array<ArrayBuffer>;
  /** The tarball as arethetypeswrong reads it. */
  readonly contents: Package;
  /** As published: `publishConfig` applied, workspace ranges resolved. */
  readonly manifest: PackedManifest;
  /** Every file's text by its path in the package. */
  readonly files: ReadonlyMap<string, string>;
}

/** Packs the package in `folder` as a release would, without leaving anything behind. */
export async function pack(folder: string): Promise<Packed> {
  const destination = await mkdtemp(join(tmpdir(), "outlet-pack-"));
  try {
    const tarball = new Uint8Array(await readFile(await packTarball(folder, destination)));
    const contents = createPackageFromTarballData(tarball);
    const prefix = `/node_modules/${contents.packageName}/`;
    const paths = contents.listFiles(prefix).map((path) => path.slice(prefix.length));
    const files = new Map(paths.map((path) => [path, contents.readFile(prefix + path)]));
    return { tarball, contents, manifest: JSON.parse(files.get("package.json") ?? "{}"), files };
  } finally {
    await rm(destination, { recursive: true });
  }
}
