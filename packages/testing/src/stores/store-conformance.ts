import type { Store } from "@outlet/core";
import { within } from "../kit/within.ts";
import type { StoreCell } from "./store-cell.ts";
import type { StoreRequirement } from "./store-requirement.ts";
import { storeRequirements } from "./store-requirements.ts";

/** How one requirement went in one kind of store. */
export interface StoreResult {
  readonly requirement: StoreRequirement;
  readonly cell: string;
  /** `not-applicable`: the database cannot be shared. */
  readonly outcome: "passed" | "failed" | "not-applicable";
  /** Why it failed. */
  readonly error?: unknown;
  readonly durationMs: number;
}

const REQUIREMENT_MS = 30_000;

/** Checks one requirement on a database of its own. Rejects only when that cannot be made, opened, closed or dropped. */
export async function checkStore(cell: StoreCell, requirement: StoreRequirement): Promise<StoreResult> {
  const start = performance.now();
  const result = (rest: Pick<StoreResult, "outcome" | "error">): StoreResult => ({
    requirement,
    cell: cell.name,
    ...rest,
    durationMs: performance.now() - start,
  });
  const database = await cell.create();
  const opened: Store[] = [];
  const open = async () => {
    const store = await database.open();
    opened.push(store);
    return store;
  };
  try {
    if (requirement.needs?.includes("shared") && !database.shared) return result({ outcome: "not-applicable" });
    const store = await open();
    try {
      await within(`requirement ${requirement.id}`, requirement.run({ store, open }), REQUIREMENT_MS);
      return result({ outcome: "passed" });
    } catch (error) {
      return result({ outcome: "failed", error });
    }
  } finally {
    await Promise.all(opened.map((store) => store.close?.()));
    await database.drop();
  }
}

/** Checks every requirement in one kind of store, one after the other. */
export async function runStoreConformance(cell: StoreCell): Promise<StoreResult[]> {
  const results: StoreResult[] = [];
  for (const requirement of storeRequirements) results.push(await checkStore(cell, requirement));
  return results;
}
