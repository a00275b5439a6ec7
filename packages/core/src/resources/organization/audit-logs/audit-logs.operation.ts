import { bareOperation } from "../../../operation.ts";
import { auditLogListQuery } from "./audit-logs.schema.ts";
import { listAuditLogs } from "./audit-logs.service.ts";

export const listAuditLogsOperation = bareOperation({
  id: "list-audit-logs",
  method: "GET",
  path: "/organization/audit_logs",
  summary: "Lists what was done through the admin API, newest first.",
  reference: "https://platform.openai.com/docs/api-reference/audit-logs/list",
  auth: "admin",
  streams: false,
  query: auditLogListQuery,
  run: listAuditLogs,
});
