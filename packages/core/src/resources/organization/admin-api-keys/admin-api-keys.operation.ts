import { bareOperation, jsonOperation } from "../../../operation.ts";
import { adminKeyCreateRequest, adminKeyListQuery } from "./admin-api-keys.schema.ts";
import { createAdminKey, deleteAdminKey, getAdminKey, listAdminKeys } from "./admin-api-keys.service.ts";

const REFERENCE = "https://platform.openai.com/docs/api-reference/admin-api-keys";
const keys = { path: "/organization/admin_api_keys", auth: "admin", streams: false } as const;
const key = { ...keys, path: "/organization/admin_api_keys/{key_id}" } as const;

export const listAdminKeysOperation = bareOperation({
  ...keys,
  id: "admin-api-keys-list",
  method: "GET",
  summary: "Lists the organization's admin API keys, oldest first, without their secrets.",
  reference: `${REFERENCE}/list`,
  query: adminKeyListQuery,
  run: listAdminKeys,
});

export const createAdminKeyOperation = jsonOperation({
  ...keys,
  id: "admin-api-keys-create",
  method: "POST",
  summary: "Creates an admin API key; it is shown once.",
  reference: `${REFERENCE}/create`,
  body: { schema: adminKeyCreateRequest, maxBytes: 64 * 1024 },
  run: createAdminKey,
});

export const getAdminKeyOperation = bareOperation({
  ...key,
  id: "admin-api-keys-get",
  method: "GET",
  summary: "Retrieves an admin API key, without its secret.",
  reference: `${REFERENCE}/listget`,
  run: getAdminKey,
});

export const deleteAdminKeyOperation = bareOperation({
  ...key,
  id: "admin-api-keys-delete",
  method: "DELETE",
  summary: "Revokes an admin API key.",
  reference: `${REFERENCE}/delete`,
  run: deleteAdminKey,
});
