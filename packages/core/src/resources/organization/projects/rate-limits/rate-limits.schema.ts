import { z } from "zod";
import { MOST } from "../../../../limits/bucket.ts";
import { pageQuery } from "../../../../pipeline/page.ts";

// Requests of https://platform.openai.com/docs/api-reference/project-rate-limits.

const most = z.int().min(0).max(MOST).optional();

export const rateLimitListQuery = pageQuery.pick({ after: true, before: true, limit: true });

export const rateLimitUpdateRequest = z.object({
  max_requests_per_1_minute: most,
  max_tokens_per_1_minute: most,
  max_requests_per_1_day: most,
  max_images_per_1_minute: most,
  max_audio_megabytes_per_1_minute: most,
  batch_1_day_max_input_tokens: most,
});

export type RateLimitListQuery = z.infer<typeof rateLimitListQuery>;
export type RateLimitUpdateRequest = z.infer<typeof rateLimitUpdateRequest>;
