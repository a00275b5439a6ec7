import type { Call } from "../../../call.ts";
import { refuseUnknown } from "../../../engine/parameters.ts";
import { objectNotFound } from "../../../errors/catalogue.ts";
import type { Reply } from "../../../http/exchange.ts";
import { type Admin, adminOf } from "../../../identity/admin.ts";
import { deleteKey, keyRecord, newKey } from "../../../identity/new-key.ts";
import { ADMIN_KEYS, type KeyData, USERS, type UserData } from "../../../identity/records.ts";
import { unixSeconds } from "../../../ids.ts";
import { listPage, type PageQuery } from "../../../pipeline/page.ts";
import { jsonReply } from "../../../pipeline/reply.ts";
import type { StoredRecord } from "../../../store/store.ts";
import { type AdminKeyCreateRequest, adminKeyCreateRequest } from "./admin-api-keys.schema.ts";
import type { AdminKeyCreated, AdminKeyDeleted, AdminKeyObject } from "./admin-api-keys.types.ts";

/** https://platform.openai.com/docs/api-reference/admin-api-keys/list */
export async function listAdminKeys(call: Call<unknown, PageQuery>): Promise<Reply> {
  const admin = adminOf(call);
  const list = { collection: ADMIN_KEYS, owner: admin.owner };
  const page = await listPage(admin.store, list, call.query, (record) => record, "asc");
  const data = await Promise.all(page.data.map((record) => adminKeyObject(admin, record)));
  return jsonReply({ ...page, data });
}

/** https://platform.openai.com/docs/api-reference/admin-api-keys/create */
export async function createAdminKey(call: Call<AdminKeyCreateRequest>): Promise<Reply> {
  refuseUnknown(call.body, adminKeyCreateRequest.shape);
  const { name, expires_in_seconds: expiresInSeconds = null } = call.body;
  const { user } = call.principal;
  const owner = user === undefined ? null : ({ type: "user", id: user } as const);
  const admin = adminOf(call);
  const { organization } = admin;
  const key = await admin.commit(async () => {
    const made = await newKey(
      { organization, project: null },
      { name, owner, expiresInSeconds, createdAt: unixSeconds() },
    );
    return { changes: made.changes, events: [made.event], result: made };
  });
  const created: AdminKeyCreated = { ...(await adminKeyObject(admin, key)), value: key.value };
  return jsonReply(created);
}

/** https://platform.openai.com/docs/api-reference/admin-api-keys/listget */
export async function getAdminKey(call: Call): Promise<Reply> {
  const admin = adminOf(call);
  return jsonReply(await adminKeyObject(admin, await findAdminKey(admin, idOf(call))));
}

/** https://platform.openai.com/docs/api-reference/admin-api-keys/delete */
export async function deleteAdminKey(call: Call): Promise<Reply> {
  const admin = adminOf(call);
  const deleted = await admin.commit(async () => {
    const record = await findAdminKey(admin, idOf(call));
    const { id } = record;
    const result: AdminKeyDeleted = { id, object: "organization.admin_api_key.deleted", deleted: true };
    return {
      changes: deleteKey(record),
      events: [{ type: "api_key.deleted", resource: id }],
      revoked: [id],
      result,
    };
  });
  return jsonReply(deleted);
}

async function findAdminKey({ store, organization }: Admin, id: string): Promise<StoredRecord> {
  const record = await store.get(keyRecord(organization, null, id));
  if (!record) throw objectNotFound("Admin API key", id);
  return record;
}

function idOf({ params }: Pick<Call, "params">): string {
  return params.key_id ?? "";
}

async function adminKeyObject(
  { store, owner }: Admin,
  { id, createdAt, data }: Pick<StoredRecord, "id" | "createdAt" | "data">,
): Promise<AdminKeyObject> {
  const key = data as KeyData;
  const user = key.owner && (await store.get({ collection: USERS, owner, id: key.owner.id }));
  const who = user && { id: user.id, name: (user.data as UserData).name, created_at: user.createdAt };
  return {
    id,
    object: "organization.admin_api_key",
    name: key.name,
    redacted_value: key.redacted,
    created_at: createdAt,
    expires_at: key.expiresAt,
    last_used_at: key.lastUsedAt,
    owner: { type: "user", object: "organization.user", ...who, role: "owner" },
  };
}
