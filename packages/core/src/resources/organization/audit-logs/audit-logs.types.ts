import type { AuditEventType } from "../../../identity/audit.ts";

// Replies of https://platform.openai.com/docs/api-reference/audit-logs/object.

/** With the details of the event under the name of its type. */
export type AuditLog = {
  id: string;
  type: AuditEventType;
  /** Unix seconds. */
  effective_at: number;
  project?: { id: string; name: string };
  actor: AuditLogActor;
} & { [Type in AuditEventType]?: { id: string } };

export type AuditLogActor =
  | { type: "session"; session: { user: { id: string } } }
  | {
      type: "api_key";
      api_key: {
        id: string;
        type: "user" | "service_account";
        user?: { id: string };
        service_account?: { id: string };
      };
    };
