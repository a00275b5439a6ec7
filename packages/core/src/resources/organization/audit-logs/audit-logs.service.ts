import type { Call } from "../../../call.ts";
import { invalidRequest } from "../../../errors/catalogue.ts";
import type { Reply } from "../../../http/exchange.ts";
import { adminOf, refuseAsked } from "../../../identity/admin.ts";
import type { AuditActor, AuditData } from "../../../identity/audit.ts";
import { AUDIT_LOGS } from "../../../identity/records.ts";
import { type ListPage, listPage } from "../../../pipeline/page.ts";
import { jsonReply } from "../../../pipeline/reply.ts";
import type { StoredRecord } from "../../../store/store.ts";
import { auditFilter } from "./audit-logs.filter.ts";
import type { AuditLogListQuery } from "./audit-logs.schema.ts";
import type { AuditLog, AuditLogActor } from "./audit-logs.types.ts";

const DEFAULT_LIMIT = 20;
/** Records of which a page is made at most, whatever the filters leave of them. */
const MOST_EXAMINED = 5_000;
const EXAMINED_AT_ONCE = 100;

/** https://platform.openai.com/docs/api-reference/audit-logs/list */
export async function listAuditLogs(call: Call<unknown, AuditLogListQuery>): Promise<Reply> {
  refuseAsked(call.query, ["actor_emails", ...(call.query.tenant_only ? ["tenant_only"] : [])]);
  const { store, owner } = adminOf(call);
  const { after, before, limit = DEFAULT_LIMIT } = call.query;
  const { labels, keeps, isOver } = auditFilter(call.query);
  const list = { collection: AUDIT_LOGS, owner, labels };
  // A page before another is read from the store as it is: what remains to be filtered would be read from the wrong end.
  if (keeps === null || before !== undefined) {
    if (keeps !== null) throw invalidRequest("'before' cannot be used with these filters.", "before", "invalid_value");
    const cursors = { ...(after !== undefined && { after }), ...(before !== undefined && { before }) };
    return jsonReply(await listPage(store, list, { limit, ...cursors }, auditLog));
  }
  const kept: StoredRecord[] = [];
  let cursor = after;
  for (let examined = 0; examined < MOST_EXAMINED; examined += EXAMINED_AT_ONCE) {
    const from = cursor === undefined ? {} : { after: cursor };
    const page = await listPage(store, list, { limit: EXAMINED_AT_ONCE, ...from }, (record) => record);
    for (const record of page.data) {
      if (isOver(record)) return jsonReply(pageOf(kept, false));
      if (!keeps(record)) continue;
      if (kept.length === limit) return jsonReply(pageOf(kept, true));
      kept.push(record);
    }
    if (!page.has_more) return jsonReply(pageOf(kept, false));
    cursor = page.last_id ?? undefined;
  }
  if (kept.length > 0) return jsonReply(pageOf(kept, true));
  const message = `None of the ${MOST_EXAMINED} newest records that could match does. Filter by one project, event type, actor or resource, or by one at a time.`;
  throw invalidRequest(message);
}

function pageOf(records: readonly StoredRecord[], hasMore: boolean): ListPage<AuditLog> {
  const data = records.map(auditLog);
  return { object: "list", data, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null, has_more: hasMore };
}

function auditLog({ id, createdAt, data }: StoredRecord): AuditLog {
  const { type, resource, project, details, actor } = data as AuditData;
  return {
    id,
    type,
    effective_at: createdAt,
    ...(project && { project }),
    actor: actorObject(actor),
    [type]: { id: resource, ...details },
  };
}

function actorObject({ type, id, user, serviceAccount }: AuditActor): AuditLogActor {
  if (type === "session") return { type, session: { user: { id: user ?? id } } };
  const who =
    serviceAccount === undefined
      ? ({ type: "user", ...(user !== undefined && { user: { id: user } }) } as const)
      : ({ type: "service_account", service_account: { id: serviceAccount } } as const);
  return { type, api_key: { id, ...who } };
}
