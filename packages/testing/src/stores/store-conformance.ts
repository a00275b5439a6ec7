import { type Checked, checkOnDatabase } from "../kit/check-database.ts";
import type { StoreCell } from "./store-cell.ts";
import type { StoreRequirement } from "./store-requirement.ts";
import { storeRequirements } from "./store-requirements.ts";

/** How one requirement went in one kind of store. */
export interface StoreResult extends Checked {
  readonly requirement: StoreRequirement;
  readonly cell: string;
}

/** Checks one requirement on a database of its own. Rejects only when that cannot be made, opened, closed or dropped. */
export async function checkStore(cell: StoreCell, requirement: StoreRequirement): Promise<StoreResult> {
  const checked = await checkOnDatabase(cell.create, requirement, (store, open) => requirement.run({ store, open }));
  return { requirement, cell: cell.name, ...checked };
}

/** Checks every requirement in one kind of store, one after the other. */
export async function runStoreConformance(cell: StoreCell): Promise<StoreResult[]> {
  const results: StoreResult[] = [];
  for (const requirement of storeRequirements) results.push(await checkStore(cell, requirement));
  return results;
}
