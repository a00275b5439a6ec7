import { mkdir } from "node:fs/promises";
import { packTarball } from "@outlet-tooling/package-lint/tarball";
import { manifestOf, publishedFolders } from "./workspace.ts";

/** The tarball of each published package, by the package's name. */
export type Tarballs = ReadonlyMap<string, string>;

/** Packs every published package, as a release would, into one folder. */
export async function packAll(destination: string): Promise<Tarballs> {
  await mkdir(destination, { recursive: true });
  const tarballs = new Map<string, string>();
  for (const folder of await publishedFolders()) {
    tarballs.set((await manifestOf(folder)).name, await packTarball(folder, destination));
  }
  return tarballs;
}
