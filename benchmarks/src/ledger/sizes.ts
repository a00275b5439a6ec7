import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSqliteLedger } from "@outlet/store-sql/sqlite";
import { pathOf } from "../host/process.ts";
import { type Cost, measureVariants, type Variant } from "../variants/measure-variants.ts";
import { fillLedger } from "./fill.ts";
import { issueKeys } from "./issue-keys.ts";

export interface Size {
  readonly keys: number;
  readonly entries: number;
}

/** Keys that requests come with, in turns; all that there are when they are fewer. */
const USED = 1_000;

/**
 * What a request costs an outlet with issued keys, limits and a ledger, by how many keys its store and how many calls its ledger has: the
 * first size beside the others.
 *
 * @param kept a folder where the databases stay, and are found again; they are made and removed where there is none
 */
export async function measureSizes(sizes: readonly Size[], rounds: number, kept?: string): Promise<Cost[]> {
  const folder = kept ?? (await mkdtemp(join(tmpdir(), "outlet-bench-")));
  try {
    const variants: Variant[] = [];
    for (const size of sizes) variants.push(await variantOf(size, folder));
    return await measureVariants(variants, rounds);
  } finally {
    if (kept === undefined) await rm(folder, { recursive: true });
  }
}

async function variantOf(size: Size, folder: string): Promise<Variant> {
  const path = join(folder, `${size.keys}-keys-${size.entries}-calls`);
  const files = { ledger: `${path}.ledger.db`, store: `${path}.store.db`, keys: `${path}.keys.json` };
  if (!existsSync(files.keys)) await fill(files, size);
  const target = pathOf("./target.ts", import.meta.url);
  const [keys, calls] = [size.keys.toLocaleString("en"), size.entries.toLocaleString("en")];
  return {
    name: `${keys} keys, ${calls} calls`,
    launch: { file: target, args: ["issued limits SQLite", files.ledger, "", files.store] },
    keys: JSON.parse(await readFile(files.keys, "utf8")),
  };
}

/** The file with the values of the keys is written last. */
async function fill(files: { ledger: string; store: string; keys: string }, { keys, entries }: Size): Promise<void> {
  const values = await issueKeys(files.store, keys, Math.min(keys, USED));
  const ledger = await createSqliteLedger({ file: files.ledger });
  await ledger.close?.();
  fillLedger(files.ledger, entries, { keys, apart: true });
  await writeFile(files.keys, JSON.stringify(values));
}
