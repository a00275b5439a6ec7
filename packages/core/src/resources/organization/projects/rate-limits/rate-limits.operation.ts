import { bareOperation, jsonOperation } from "../../../../operation.ts";
import { rateLimitListQuery, rateLimitUpdateRequest } from "./rate-limits.schema.ts";
import { listRateLimits, updateRateLimit } from "./rate-limits.service.ts";

const REFERENCE = "https://platform.openai.com/docs/api-reference/project-rate-limits";
const PATH = "/organization/projects/{project_id}/rate_limits";

export const listRateLimitsOperation = bareOperation({
  id: "list-project-rate-limits",
  method: "GET",
  path: PATH,
  summary: "Lists a project's rate limits, one for each model.",
  reference: `${REFERENCE}/list`,
  auth: "admin",
  streams: false,
  query: rateLimitListQuery,
  run: listRateLimits,
});

export const updateRateLimitOperation = jsonOperation({
  id: "update-project-rate-limits",
  method: "POST",
  path: `${PATH}/{rate_limit_id}`,
  summary: "Changes a project's rate limit.",
  reference: `${REFERENCE}/update`,
  auth: "admin",
  streams: false,
  body: { schema: rateLimitUpdateRequest, maxBytes: 64 * 1024 },
  run: updateRateLimit,
});
