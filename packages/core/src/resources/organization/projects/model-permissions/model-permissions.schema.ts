import { z } from "zod";

// Requests of https://platform.openai.com/docs/api-reference/projects.

const MOST_MODELS = 1_000;

export const modelPermissionsUpdateRequest = z.object({
  mode: z.enum(["allow_list", "deny_list"]),
  model_ids: z.array(z.string().min(1).max(256)).max(MOST_MODELS),
});

export type ModelPermissionsUpdateRequest = z.infer<typeof modelPermissionsUpdateRequest>;
