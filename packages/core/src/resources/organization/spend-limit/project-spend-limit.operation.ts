import { bareOperation, jsonOperation } from "../../../operation.ts";
import { spendLimitUpdateRequest } from "./spend-limit.schema.ts";
import { deleteSpendLimit, retrieveSpendLimit, updateSpendLimit } from "./spend-limit.service.ts";

const limit = {
  path: "/organization/projects/{project_id}/spend_limit",
  reference: "https://platform.openai.com/docs/api-reference/administration",
  auth: "admin",
  streams: false,
} as const;

export const retrieveProjectSpendLimitOperation = bareOperation({
  ...limit,
  id: "Getprojectspendlimit",
  method: "GET",
  summary: "Retrieves what a project may spend in a month.",
  run: retrieveSpendLimit,
});

export const updateProjectSpendLimitOperation = jsonOperation({
  ...limit,
  id: "Updateprojectspendlimit",
  method: "POST",
  summary: "Says what a project may spend in a month; calls beyond that are refused.",
  body: { schema: spendLimitUpdateRequest, maxBytes: 64 * 1024 },
  run: updateSpendLimit,
});

export const deleteProjectSpendLimitOperation = bareOperation({
  ...limit,
  id: "Deleteprojectspendlimit",
  method: "DELETE",
  summary: "Lifts the limit on what a project may spend.",
  run: deleteSpendLimit,
});
