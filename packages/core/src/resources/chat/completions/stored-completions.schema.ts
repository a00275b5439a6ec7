import { z } from "zod";
import { forwardPageQuery } from "../../../pipeline/page.ts";
import { metadata } from "../../metadata.ts";

// Requests of https://platform.openai.com/docs/api-reference/chat/list and of what is done with stored completions.

export const completionListQuery = forwardPageQuery.extend({
  model: z.string().optional(),
  metadata: metadata.optional(),
});

export const completionUpdateRequest = z.object({ metadata: metadata.nullable() });

export type CompletionListQuery = z.infer<typeof completionListQuery>;
export type CompletionUpdateRequest = z.infer<typeof completionUpdateRequest>;
