import { dirname } from "node:path";
import { listFiles, readText } from "./files.ts";
import { parseSource, type SourceFile } from "./source-file.ts";

export interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

export interface Package {
  /** `packages/core`. */
  readonly folder: string;
  readonly manifest: Manifest;
  readonly sources: readonly SourceFile[];
}

export interface Workspace {
  readonly root: string;
  readonly rootManifest: Manifest;
  /** Every written file, from the root. */
  readonly files: readonly string[];
  /** Every package of the workspace but the root. */
  readonly packages: readonly Package[];
  /** Every source file, those outside packages too. */
  readonly sources: readonly SourceFile[];
  readonly text: (path: string) => string | null;
}

/** Reads a repository: its manifests, its sources, and the names of its files. */
export function readWorkspace(root: string): Workspace {
  const files = listFiles(root);
  const text = (path: string) => readText(root, path);
  const manifest = (path: string): Manifest => JSON.parse(text(path) ?? "{}");
  const sources = files
    .filter((path) => /\.(ts|mts|js|mjs)$/.test(path))
    .map((path) => parseSource(path, text(path) ?? ""));
  const packages = files
    .filter((path) => /^((packages|apps|tooling)\/[^/]+|benchmarks)\/package\.json$/.test(path))
    .map((path) => {
      const folder = dirname(path);
      return {
        folder,
        manifest: manifest(path),
        sources: sources.filter((source) => source.path.startsWith(`${folder}/`)),
      };
    });
  return { root, rootManifest: manifest("package.json"), files, packages, sources, text };
}
