import { z } from "zod";
import { ENDS } from "../chat/completions/chat-completions.schema.ts";

// Requests of https://platform.openai.com/docs/api-reference/moderations/create.

const MAX_INPUTS = 2048;
const part = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string() }),
  z.object({ type: z.literal("image_url"), image_url: z.object({ url: z.string() }) }),
]);

export const moderationRequest = z.object({
  input: z.union([
    z.string(),
    z.array(z.string()).min(1, ENDS).max(MAX_INPUTS),
    z.array(part).min(1, ENDS).max(MAX_INPUTS),
  ]),
  model: z.string().min(1).max(256).optional(),
});

export type ModerationRequest = z.infer<typeof moderationRequest>;
/** What one result is about, in parts. */
export type ModerationPart = z.infer<typeof part>;
