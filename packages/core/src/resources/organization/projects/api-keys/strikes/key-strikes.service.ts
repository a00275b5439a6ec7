import type { Call } from "../../../../../call.ts";
import { objectNotFound } from "../../../../../errors/catalogue.ts";
import type { Reply } from "../../../../../http/exchange.ts";
import { adminOf } from "../../../../../identity/admin.ts";
import { keyRecord } from "../../../../../identity/new-key.ts";
import { findProject } from "../../../../../identity/projects.ts";
import type { KeyData } from "../../../../../identity/records.ts";
import { type KeyStrikes, standingOf, strikesNow } from "../../../../../identity/strikes.ts";
import { jsonReply } from "../../../../../pipeline/reply.ts";
import type { KeyStrikesDeleted, KeyStrikesObject } from "./key-strikes.types.ts";

/** What of a key its strikes have led to; an extension of the API. */
export async function retrieveKeyStrikes(call: Call): Promise<Reply> {
  const { record } = await findKey(call);
  return jsonReply(strikesObject(record.id, (record.data as KeyData).strikes));
}

/** Lifts whatever strikes have led to; an extension of the API. */
export async function deleteKeyStrikes(call: Call): Promise<Reply> {
  const deleted = await adminOf(call).commit(async () => {
    const { key, record, project } = await findKey(call);
    const { strikes, ...data } = record.data as KeyData;
    const { id } = record;
    const result: KeyStrikesDeleted = { id, object: "organization.project.api_key.strikes.deleted", deleted: true };
    if (!strikes) return { changes: [], events: [], result };
    return {
      changes: [{ replace: { ...key, version: record.version, data } }],
      events: [{ type: "api_key.updated", resource: id, project, details: { standing: "good", strikes: 0 } }],
      revoked: [id],
      result,
    };
  });
  return jsonReply(deleted);
}

/** @throws ApiError 404 when there is no such project, or key in it */
async function findKey(call: Call) {
  const { store, organization } = adminOf(call);
  const { project_id = "", api_key_id = "" } = call.params;
  const { id, data } = await findProject(store, organization, project_id);
  const key = keyRecord(organization, id, api_key_id);
  const record = await store.get(key);
  if (!record) throw objectNotFound("API key", api_key_id);
  return { key, record, project: { id, name: data.name } };
}

function strikesObject(id: string, strikes: KeyStrikes | undefined): KeyStrikesObject {
  const now = Date.now();
  const next = strikes?.countedUntil.find((until) => until > now);
  const { throttledUntil = 0, suspendedAt = null } = strikes ?? {};
  return {
    object: "organization.project.api_key.strikes",
    api_key_id: id,
    standing: standingOf(strikes, now),
    strikes: strikesNow(strikes, now),
    next_forgotten_at: next === undefined ? null : inSeconds(next),
    throttled_until: throttledUntil > now ? inSeconds(throttledUntil) : null,
    suspended_at: suspendedAt === null ? null : inSeconds(suspendedAt),
  };
}

function inSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}
