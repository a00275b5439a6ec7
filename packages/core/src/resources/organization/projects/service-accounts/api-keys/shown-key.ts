import type { NewKey } from "../../../../../identity/new-key.ts";
import type { ServiceAccountKeyObject } from "./service-account-keys.types.ts";

/** A new key with its secret: the one time that it is shown. */
export function shownKey({ id, value, createdAt, data }: NewKey): ServiceAccountKeyObject {
  return {
    id,
    object: "organization.project.service_account.api_key",
    value,
    name: data.name,
    created_at: createdAt,
    expires_at: data.expiresAt,
  };
}
