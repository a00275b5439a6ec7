import { z } from "zod";
import { pageQuery } from "../../../pipeline/page.ts";

// Requests of https://platform.openai.com/docs/api-reference/audit-logs.

const ids = z.array(z.string().min(1).max(256)).max(100).optional();
const seconds = z.int().min(0).optional();

export const auditLogListQuery = pageQuery.pick({ after: true, before: true, limit: true }).extend({
  effective_at: z.object({ gt: seconds, gte: seconds, lt: seconds, lte: seconds }).optional(),
  project_ids: ids,
  event_types: ids,
  actor_ids: ids,
  actor_emails: ids,
  resource_ids: ids,
  tenant_only: z.boolean().optional(),
});

export type AuditLogListQuery = z.infer<typeof auditLogListQuery>;
