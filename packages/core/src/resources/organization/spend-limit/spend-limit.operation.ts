import { bareOperation, jsonOperation } from "../../../operation.ts";
import { spendLimitUpdateRequest } from "./spend-limit.schema.ts";
import { deleteSpendLimit, retrieveSpendLimit, updateSpendLimit } from "./spend-limit.service.ts";

const limit = {
  path: "/organization/spend_limit",
  reference: "https://platform.openai.com/docs/api-reference/administration",
  auth: "admin",
  streams: false,
} as const;

export const retrieveOrganizationSpendLimitOperation = bareOperation({
  ...limit,
  id: "Getorganizationspendlimit",
  method: "GET",
  summary: "Retrieves what the organization may spend in a month.",
  run: retrieveSpendLimit,
});

export const updateOrganizationSpendLimitOperation = jsonOperation({
  ...limit,
  id: "Updateorganizationspendlimit",
  method: "POST",
  summary: "Says what the organization may spend in a month; calls beyond that are refused.",
  body: { schema: spendLimitUpdateRequest, maxBytes: 64 * 1024 },
  run: updateSpendLimit,
});

export const deleteOrganizationSpendLimitOperation = bareOperation({
  ...limit,
  id: "Deleteorganizationspendlimit",
  method: "DELETE",
  summary: "Lifts the limit on what the organization may spend.",
  run: deleteSpendLimit,
});
