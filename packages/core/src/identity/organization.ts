import type { RecordKey, Store, StoredRecord } from "../store/store.ts";
import { ORGANIZATIONS, type OrganizationData, organizationOwner } from "./records.ts";

export function organizationKey(organization: string): RecordKey {
  return { collection: ORGANIZATIONS, owner: organizationOwner(organization), id: organization };
}

/** What its admins have set for all of an organization; null while they have set nothing. */
export function findOrganization(store: Store, organization: string): Promise<StoredRecord | null> {
  return store.get(organizationKey(organization));
}

export function organizationData(record: StoredRecord | null): OrganizationData {
  return (record?.data ?? {}) as OrganizationData;
}
