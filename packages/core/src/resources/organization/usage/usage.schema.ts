import { z } from "zod";

/** The reference states no bound; what a page of a report may be told apart by has to end somewhere. */
const MAX_NAMES = 100;
const names = z.array(z.string().max(256)).max(MAX_NAMES).optional();

const range = {
  start_time: z.int().min(0),
  end_time: z.int().min(0).optional(),
  limit: z.int().min(1).optional(),
  page: z.string().max(64).optional(),
  project_ids: names,
  api_key_ids: names,
};

const usage = {
  ...range,
  bucket_width: z.enum(["1m", "1h", "1d"]).optional(),
  user_ids: names,
  models: names,
};

const GROUPS = ["project_id", "user_id", "api_key_id", "model"] as const;

/** https://platform.openai.com/docs/api-reference/usage */
export const usageQuery = z.object({ ...usage, group_by: z.array(z.enum(GROUPS)).optional() });

/** https://platform.openai.com/docs/api-reference/usage/completions */
export const completionsUsageQuery = z.object({
  ...usage,
  batch: z.boolean().optional(),
  group_by: z.array(z.enum([...GROUPS, "batch"])).optional(),
});

/** https://platform.openai.com/docs/api-reference/usage/costs */
export const costsQuery = z.object({
  ...range,
  bucket_width: z.enum(["1d"]).optional(),
  user_ids: names,
  line_items: names,
  group_by: z.array(z.enum(["project_id", "user_id", "api_key_id", "line_item"])).optional(),
});

export type UsageReportQuery = z.infer<typeof completionsUsageQuery>;
export type CostsQuery = z.infer<typeof costsQuery>;
