import type { Principal } from "../access/principal.ts";
import { newId } from "../ids.ts";
import type { Change } from "../store/store.ts";
import { AUDIT_LOGS, organizationOwner } from "./records.ts";

/** What an admin action did, as the audit log shows it. https://platform.openai.com/docs/api-reference/audit-logs/object */
export interface AuditEvent {
  readonly type: AuditEventType;
  /** Id of what it was done to. */
  readonly resource: string;
  /** The project that it was done in. */
  readonly project?: { readonly id: string; readonly name: string };
  /** What was asked for, beside the id. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What this platform has to tell of. */
export type AuditEventType =
  | "api_key.created"
  | "api_key.updated"
  | "api_key.deleted"
  | "organization.updated"
  | "project.created"
  | "project.updated"
  | "project.archived"
  | "rate_limit.updated"
  | "service_account.created"
  | "service_account.updated"
  | "service_account.deleted"
  | "user.added"
  | "user.updated"
  | "user.deleted"
  | "invite.sent"
  | "invite.accepted"
  | "invite.deleted";

export interface AuditData extends AuditEvent {
  readonly actor: AuditActor;
}

export interface AuditActor {
  readonly type: "session" | "api_key";
  /** The key's, or the caller's where no key was used. */
  readonly id: string;
  readonly user?: string;
  readonly serviceAccount?: string;
}

/** The record of an event, to be written together with what it tells of. */
export function auditRecord(organization: string, actor: Principal, event: AuditEvent, createdAt: number): Change {
  const by = actorOf(actor);
  const labels = {
    type: event.type,
    resource: event.resource,
    ...(event.project && { project: event.project.id }),
  };
  const data: AuditData = { ...event, actor: by };
  const owner = organizationOwner(organization);
  return { insert: { collection: AUDIT_LOGS, owner, id: newId("audit_log-"), createdAt, labels, data } };
}

function actorOf({ id, apiKey, user, serviceAccount }: Principal): AuditActor {
  const who = { ...(user !== undefined && { user }), ...(serviceAccount !== undefined && { serviceAccount }) };
  return apiKey === undefined ? { type: "session", id, ...who } : { type: "api_key", id: apiKey, ...who };
}
