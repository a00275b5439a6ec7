import { z } from "zod";
import { inputTokensRequest, responseRequest } from "../responses.schema.ts";

/** https://platform.openai.com/docs/api-reference/responses/compact */
export const compactRequest = z.object({
  image: responseRequest.shape.image,
  input: inputTokensRequest.shape.input,
  instructions: responseRequest.shape.instructions,
  model: z.string().min(1).max(256).nullish(),
  previous_response_id: responseRequest.shape.previous_response_id,
  prompt_cache_key: responseRequest.shape.prompt_cache_key,
  prompt_cache_options: z
    .object({ mode: z.enum(["implicit", "explicit"]).optional(), ttl: z.literal("30m").optional() })
    .nullish(),
  prompt_cache_retention: responseRequest.shape.prompt_cache_retention,
  service_tier: z.enum(["auto", "default", "fast", "flex", "priority"]).nullish(),
});

export type CompactRequest = z.infer<typeof compactRequest>;
