import { jsonOperation } from "../../../../../operation.ts";
import { serviceAccountKeyCreateRequest } from "./service-account-keys.schema.ts";
import { createServiceAccountKey } from "./service-account-keys.service.ts";

export const createServiceAccountKeyOperation = jsonOperation({
  id: "CreateanAPIkeyforaserviceaccount",
  method: "POST",
  path: "/organization/projects/{project_id}/service_accounts/{service_account_id}/api_keys",
  summary: "Creates another API key for a service account; it is shown once.",
  reference: "https://platform.openai.com/docs/api-reference/project-service-accounts/create-api-key",
  auth: "admin",
  streams: false,
  body: { schema: serviceAccountKeyCreateRequest, maxBytes: 64 * 1024 },
  run: createServiceAccountKey,
});
