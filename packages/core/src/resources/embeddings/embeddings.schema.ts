import { z } from "zod";
import { ENDS } from "../chat/completions/chat-completions.schema.ts";

// Requests of https://platform.openai.com/docs/api-reference/embeddings/create.

const MAX_INPUTS = 2048;
const text = z.string().min(1, ENDS);
const tokens = z.array(z.int(ENDS).min(0, ENDS)).min(1, ENDS);

export const embeddingRequest = z.object({
  input: z.union([text, z.array(text).min(1).max(MAX_INPUTS), tokens, z.array(tokens).min(1).max(MAX_INPUTS)]),
  model: z.string().min(1).max(256),
  dimensions: z.int().min(1).optional(),
  encoding_format: z.enum(["float", "base64"]).optional(),
  user: z.string().optional(),
});

export type EmbeddingRequest = z.infer<typeof embeddingRequest>;
