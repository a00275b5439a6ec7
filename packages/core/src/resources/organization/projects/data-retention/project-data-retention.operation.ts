import { bareOperation, jsonOperation } from "../../../../operation.ts";
import { projectDataRetentionUpdateRequest } from "./project-data-retention.schema.ts";
import { retrieveProjectDataRetention, updateProjectDataRetention } from "./project-data-retention.service.ts";

const retention = {
  path: "/organization/projects/{project_id}/data_retention",
  reference: "https://platform.openai.com/docs/api-reference/projects",
  auth: "admin",
  streams: false,
} as const;

export const retrieveProjectDataRetentionOperation = bareOperation({
  ...retention,
  id: "retrieve-project-data-retention",
  method: "GET",
  summary: "Retrieves whether anything is stored of what a project's callers say.",
  run: retrieveProjectDataRetention,
});

export const updateProjectDataRetentionOperation = jsonOperation({
  ...retention,
  id: "update-project-data-retention",
  method: "POST",
  summary: "Says whether anything is stored of what a project's callers say.",
  body: { schema: projectDataRetentionUpdateRequest, maxBytes: 64 * 1024 },
  run: updateProjectDataRetention,
});
