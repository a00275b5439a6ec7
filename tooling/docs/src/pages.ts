import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Markdown, readMarkdown } from "./markdown.ts";

export interface Page extends Markdown {
  /** From the root, with forward slashes. */
  readonly path: string;
}

const SKIPPED = new Set(["node_modules", "dist", ".git", ".turbo", ".artifacts", ".generated", ".changeset"]);

/** Every Markdown page below `root`, but for the change logs, which are made. */
export function readPages(root: string, folder = ""): Page[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : readPages(root, path);
    if (!entry.name.endsWith(".md") || entry.name === "CHANGELOG.md") return [];
    return [{ path, ...readMarkdown(readFileSync(join(root, path), "utf8")) }];
  });
}
