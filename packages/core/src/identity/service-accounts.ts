import type { ApiError } from "../errors/api-error.ts";
import { objectNotFound } from "../errors/catalogue.ts";
import type { RecordKey, Store, StoredRecord } from "../store/store.ts";
import { organizationOwner, SERVICE_ACCOUNTS } from "./records.ts";

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
