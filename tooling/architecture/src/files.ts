import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Folders that are made, never written: nothing in them is the repository's. */
const MADE = new Set(["node_modules", "dist", "coverage", ".git", ".turbo", ".artifacts", ".generated", ".pnpm-store"]);

/** Every file below `root` that a person wrote, as paths from `root` with forward slashes, in order. */
export function listFiles(root: string, folder = ""): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !MADE.has(entry.name) && !entry.name.endsWith(".log"))
    .flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return listFiles(root, path);
      return entry.isFile() ? [path] : [];
    })
    .sort();
}

/** The file's text, or null when it is not text. */
export function readText(root: string, path: string): string | null {
  const bytes = readFileSync(join(root, path));
  return bytes.includes(0) ? null : bytes.toString("utf8");
}
