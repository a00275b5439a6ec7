import { z } from "zod";
import { ENDS, logitBias, stop, streamOptions } from "../chat/completions/chat-completions.schema.ts";

// Requests of https://platform.openai.com/docs/api-reference/completions/create.

const tokens = z.array(z.int(ENDS).min(0, ENDS)).min(1, ENDS);
const prompt = z.union([z.string(), tokens, z.array(z.string()).min(1).max(2048), z.array(tokens).min(1).max(2048)]);

export const completionRequest = z.object({
  model: z.string().min(1).max(256),
  prompt: prompt.nullish(),
  best_of: z.int().min(1).max(20).nullish(),
  echo: z.boolean().nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  logit_bias: logitBias.nullish(),
  logprobs: z.int().min(0).max(5).nullish(),
  max_tokens: z.int().min(0).nullish(),
  n: z.int().min(1).max(128).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  seed: z.int().nullish(),
  stop: stop.optional(),
  stream: z.boolean().nullish(),
  stream_options: streamOptions,
  suffix: z.string().nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  user: z.string().optional(),
});

export type CompletionRequest = z.infer<typeof completionRequest>;
/** One prompt: text, or the tokens of it. */
export type Prompt = string | number[];
