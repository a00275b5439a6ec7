import { bareOperation } from "../../../operation.ts";
import { completionsUsageQuery, costsQuery, usageQuery } from "./usage.schema.ts";
import { costs, usageOfCompletions, usageOfEmbeddings, usageOfModerations } from "./usage.service.ts";

const REFERENCE = "https://platform.openai.com/docs/api-reference/usage";
const report = { method: "GET", auth: "admin", streams: false } as const;

export const usageCompletionsOperation = bareOperation({
  ...report,
  id: "usage-completions",
  path: "/organization/usage/completions",
  summary: "What completions, chats and responses have consumed, by minute, hour or day.",
  reference: `${REFERENCE}/completions`,
  query: completionsUsageQuery,
  run: usageOfCompletions,
});

export const usageEmbeddingsOperation = bareOperation({
  ...report,
  id: "usage-embeddings",
  path: "/organization/usage/embeddings",
  summary: "What embeddings have consumed, by minute, hour or day.",
  reference: `${REFERENCE}/embeddings`,
  query: usageQuery,
  run: usageOfEmbeddings,
});

export const usageModerationsOperation = bareOperation({
  ...report,
  id: "usage-moderations",
  path: "/organization/usage/moderations",
  summary: "What moderations have consumed, by minute, hour or day.",
  reference: `${REFERENCE}/moderations`,
  query: usageQuery,
  run: usageOfModerations,
});

export const usageCostsOperation = bareOperation({
  ...report,
  id: "usage-costs",
  path: "/organization/costs",
  summary: "What was spent, by day.",
  reference: `${REFERENCE}/costs`,
  query: costsQuery,
  run: costs,
});
