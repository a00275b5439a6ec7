import { tooManyPending } from "../errors/catalogue.ts";
import type { Store } from "../store/store.ts";
import { jobCollection } from "./job-record.ts";

/**
 * Refuses one more job of this kind for an owner who has as many already.
 * @throws ApiError 429
 */
export async function refuseTooMany(store: Store, kind: string, owner: string, most: number): Promise<void> {
  const page = await store.list({ collection: jobCollection(kind), owner, order: "asc", limit: most });
  if (page && page.records.length >= most) throw tooManyPending(most);
}
