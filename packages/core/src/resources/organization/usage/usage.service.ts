import type { Call } from "../../../call.ts";
import type { Reply } from "../../../http/exchange.ts";
import type { UsageKind } from "../../../ledger/ledger.ts";
import { inDollars } from "../../../ledger/money.ts";
import type { Dimension, UsageQuery, UsageRow } from "../../../ledger/usage-report.ts";
import { jsonReply } from "../../../pipeline/reply.ts";
import { USAGE_LIMITS, usagePage } from "./usage.buckets.ts";
import type { CostsQuery, UsageReportQuery } from "./usage.schema.ts";
import type { CompletionsUsage, Costs, EmbeddingsUsage, ModerationsUsage } from "./usage.types.ts";

const DIMENSIONS = {
  project_id: "project",
  user_id: "user",
  api_key_id: "apiKey",
  model: "model",
  batch: "batch",
  line_item: "model",
} as const satisfies Record<string, Dimension>;

const COST_LIMITS = { standard: 7, most: 180 };

/** A report on one kind of usage. */
function report<Result>(kind: UsageKind, result: (row: UsageRow) => Result) {
  return async (call: Call<unknown, UsageReportQuery>): Promise<Reply> => {
    const { bucket_width: width = "1d", batch, models, group_by = [] } = call.query;
    const only = {
      ...onlyOf(call.query),
      kind: [kind],
      ...(models && { model: models }),
      ...(batch !== undefined && { batch }),
    };
    const groupBy = dimensionsOf(group_by);
    return jsonReply(await usagePage(call, call.query, { width, limits: USAGE_LIMITS[width], groupBy, only, result }));
  };
}

/** https://platform.openai.com/docs/api-reference/usage/completions */
export const usageOfCompletions = report(
  "completions",
  (row): CompletionsUsage => ({
    object: "organization.usage.completions.result",
    input_tokens: row.input_tokens,
    input_cached_tokens: row.cached_tokens,
    input_audio_tokens: row.input_audio_tokens,
    output_tokens: row.output_tokens,
    output_audio_tokens: row.output_audio_tokens,
    ...ofModel(row),
    batch: row.batch ?? null,
  }),
);

/** https://platform.openai.com/docs/api-reference/usage/embeddings */
export const usageOfEmbeddings = report(
  "embeddings",
  (row): EmbeddingsUsage => ({
    object: "organization.usage.embeddings.result",
    input_tokens: row.input_tokens,
    ...ofModel(row),
  }),
);

/** https://platform.openai.com/docs/api-reference/usage/moderations */
export const usageOfModerations = report(
  "moderations",
  (row): ModerationsUsage => ({
    object: "organization.usage.moderations.result",
    input_tokens: row.input_tokens,
    ...ofModel(row),
  }),
);

/** What was spent, by day; a line item is a model. https://platform.openai.com/docs/api-reference/usage/costs */
export async function costs(call: Call<unknown, CostsQuery>): Promise<Reply> {
  const { line_items, group_by = [] } = call.query;
  const byLine = group_by.includes("line_item");
  const page = await usagePage(call, call.query, {
    width: "1d",
    limits: COST_LIMITS,
    groupBy: dimensionsOf(group_by),
    only: { ...onlyOf(call.query), ...(line_items && { model: line_items }) },
    result: (row): Costs => ({
      object: "organization.costs.result",
      amount: { value: inDollars(row.cost), currency: "usd" },
      line_item: byLine ? (row.model ?? null) : null,
      ...groupOf(row),
    }),
  });
  return jsonReply(page);
}

function dimensionsOf(names: readonly (keyof typeof DIMENSIONS)[]): Dimension[] {
  return [...new Set(names.map((name) => DIMENSIONS[name]))];
}

function onlyOf({
  project_ids,
  user_ids,
  api_key_ids,
}: Pick<UsageReportQuery, "project_ids" | "user_ids" | "api_key_ids">) {
  const only: NonNullable<UsageQuery["only"]> = {
    ...(project_ids && { project: project_ids }),
    ...(user_ids && { user: user_ids }),
    ...(api_key_ids && { apiKey: api_key_ids }),
  };
  return only;
}

function groupOf({ project, user, apiKey }: UsageRow) {
  return { project_id: project ?? null, user_id: user ?? null, api_key_id: apiKey ?? null };
}

function ofModel(row: UsageRow) {
  return { num_model_requests: row.requests, ...groupOf(row), model: row.model ?? null };
}
