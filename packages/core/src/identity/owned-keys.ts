import { invalidRequest } from "../errors/catalogue.ts";
import type { Change, Store, StoredRecord } from "../store/store.ts";
import { deleteKey } from "./new-key.ts";
import { ADMIN_KEYS, organizationOwner, PROJECT_KEYS } from "./records.ts";

/** Keys that one owner may have in a project: all of them go in one write with their owner. */
const MOST_KEYS = 100;

/** Where keys are: in a project or, with null, the organization's admin keys. */
interface Place {
  readonly organization: string;
  readonly project: string | null;
}

/** The changes that take an owner's keys away. */
export async function revokeKeysOf(store: Store, place: Place, ownerId: string): Promise<Change[]> {
  return (await keysOf(store, place, ownerId)).flatMap(deleteKey);
}

/** @throws ApiError 400 when the owner has as many keys as there may be */
export async function refuseTooManyKeys(store: Store, place: Place, ownerId: string): Promise<void> {
  if ((await keysOf(store, place, ownerId)).length < MOST_KEYS) return;
  throw invalidRequest(`There may be ${MOST_KEYS} API keys for each owner in a project. Delete one first.`);
}

async function keysOf(
  store: Store,
  { organization, project }: Place,
  ownerId: string,
): Promise<readonly StoredRecord[]> {
  const owner = organizationOwner(organization);
  const where = project === null ? { collection: ADMIN_KEYS } : { collection: PROJECT_KEYS, parent: project };
  const page = await store.list({ ...where, owner, labels: { owner: ownerId }, order: "asc", limit: MOST_KEYS });
  return page?.records ?? [];
}
