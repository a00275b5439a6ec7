import { bareOperation, jsonOperation } from "../../../operation.ts";
import { dataRetentionUpdateRequest } from "./data-retention.schema.ts";
import { retrieveDataRetention, updateDataRetention } from "./data-retention.service.ts";

const retention = {
  path: "/organization/data_retention",
  reference: "https://platform.openai.com/docs/api-reference/administration",
  auth: "admin",
  streams: false,
} as const;

export const retrieveOrganizationDataRetentionOperation = bareOperation({
  ...retention,
  id: "retrieve-organization-data-retention",
  method: "GET",
  summary: "Retrieves whether anything is stored of what the organization's callers say.",
  run: retrieveDataRetention,
});

export const updateOrganizationDataRetentionOperation = jsonOperation({
  ...retention,
  id: "update-organization-data-retention",
  method: "POST",
  summary: "Says whether anything is stored of what the organization's callers say.",
  body: { schema: dataRetentionUpdateRequest, maxBytes: 64 * 1024 },
  run: updateDataRetention,
});
