import type { ApiError } from "../errors/api-error.ts";
import { invalidRequest, objectNotFound } from "../errors/catalogue.ts";
import type { Change, RecordKey, Store, StoredRecord } from "../store/store.ts";
import { deleteKey } from "./new-key.ts";
import { organizationOwner, PROJECT_KEYS, SERVICE_ACCOUNTS } from "./records.ts";

/** Keys that one owner may have in a project: all of them go in one write with their owner. */
const MOST_KEYS = 100;

export function serviceAccountKey(organization: string, project: string, id: string): RecordKey {
  return { collection: SERVICE_ACCOUNTS, owner: organizationOwner(organization), parent: project, id };
}

/** @throws ApiError 404 when the project has no such service account */
export async function findServiceAccount(
  store: Store,
  organization: string,
  project: string,
  id: string,
): Promise<StoredRecord> {
  const record = await store.get(serviceAccountKey(organization, project, id));
  if (!record) throw serviceAccountNotFound(id);
  return record;
}

function serviceAccountNotFound(id: string): ApiError {
  return objectNotFound("Service account", id);
}

/** The changes that take an owner's keys in a project away. */
export async function revokeKeysOf(
  store: Store,
  organization: string,
  project: string,
  ownerId: string,
): Promise<Change[]> {
  return (await keysOf(store, organization, project, ownerId)).flatMap(deleteKey);
}

/** @throws ApiError 400 when the owner has as many keys as there may be */
export async function refuseTooManyKeys(
  store: Store,
  organization: string,
  project: string,
  ownerId: string,
): Promise<void> {
  if ((await keysOf(store, organization, project, ownerId)).length < MOST_KEYS) return;
  throw invalidRequest(`There may be ${MOST_KEYS} API keys for each owner in a project. Delete one first.`);
}

async function keysOf(store: Store, organization: string, project: string, ownerId: string) {
  const owner = organizationOwner(organization);
  const labels = { owner: ownerId };
  const query = { collection: PROJECT_KEYS, owner, parent: project, labels, order: "asc", limit: MOST_KEYS } as const;
  return (await store.list(query))?.records ?? [];
}
