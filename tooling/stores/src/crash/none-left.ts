import { setTimeout } from "node:timers/promises";
import type { Store } from "@outlet/core";

/** Resolves when the owner has none of these records left. Keeps the process alive meanwhile, which timers of jobs do not. */
export async function noneLeft(store: Store, collection: string, owner: string): Promise<void> {
  while (true) {
    const left = await store.list({ collection, owner, order: "asc", limit: 1 });
    if (!left?.records.length) return;
    await setTimeout(50);
  }
}
