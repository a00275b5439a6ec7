import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathOf } from "../host/process.ts";
import { type Cost, measureVariants } from "../variants/measure-variants.ts";

/** What keys, limits and a ledger cost an outlet, beside the first of the variants, which has all of it off. */
export async function measureCosts(variants: readonly string[], rounds: number, postgres: string): Promise<Cost[]> {
  const folder = await mkdtemp(join(tmpdir(), "outlet-bench-"));
  const file = pathOf("./target.ts", import.meta.url);
  try {
    const launched = variants.map((name, i) => ({
      name,
      launch: { file, args: [name, join(folder, `${i}.db`), postgres] },
    }));
    return await measureVariants(launched, rounds);
  } finally {
    await rm(folder, { recursive: true });
  }
}
