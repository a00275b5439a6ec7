import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

const BEGIN = "<!-- results -->";
const END = "<!-- /results -->";

/** Puts text between the markers and formats the file, as the linter wants it. @throws Error when the file has none. */
export async function writeBetweenMarkers(file: string, text: string): Promise<void> {
  const content = await readFile(file, "utf8");
  const from = content.indexOf(BEGIN);
  const to = content.indexOf(END);
  if (from < 0 || to < from) throw new Error(`${file} has no ${BEGIN} … ${END}.`);
  await writeFile(file, `${content.slice(0, from + BEGIN.length)}\n\n${text}\n\n${content.slice(to)}`);
  await run("npx", ["-y", "pnpm@12", "exec", "biome", "format", "--write", file]);
}
