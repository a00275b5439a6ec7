import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "rolldown";
import { entriesOf, type Manifest } from "./entries.ts";
import { isVendored, noticeOf, vendoredPackageOf } from "./vendored.ts";

/**
 * Writes the package's `dist`, afresh: a module for each of its entries, one for what they share, and one for each package that is
 * vendored. Other packages stay imports.
 */
export async function bundlePackage(folder: string): Promise<void> {
  const manifest: Manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const dist = join(folder, "dist");
  await rm(dist, { recursive: true, force: true });
  await build({
    cwd: folder,
    input: entriesOf(manifest),
    external: (id, _importer, isResolved) => !isResolved && isPackage(id) && !isVendored(id),
    platform: "neutral",
    tsconfig: join(folder, "tsconfig.build.json"),
    transform: { target: "es2023" },
    logLevel: "warn",
    output: {
      dir: dist,
      format: "esm",
      entryFileNames: "[name].js",
      chunkFileNames: ({ name }) => (isVendored(name) ? `${name}.js` : "shared.js"),
      codeSplitting: { groups: [{ debugName: "vendored", name: vendoredPackageOf }] },
      banner: ({ name }) => (isVendored(name) ? noticeOf(name, folder) : ""),
      sourcemap: true,
      // The declarations and the source maps have them.
      comments: { legal: true, annotation: true, jsdoc: false },
    },
  });
}

/** True for what is installed, or Node's own; false for our files and for the helpers that decorators compile to. */
function isPackage(id: string): boolean {
  return !id.startsWith(".") && !id.startsWith("@oxc-project/runtime/");
}
