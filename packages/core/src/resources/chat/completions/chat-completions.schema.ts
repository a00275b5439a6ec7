import { z } from "zod";
import { metadata } from "../../metadata.ts";

// Requests of https://platform.openai.com/docs/api-reference/chat/create. Schemas only check: what an
// engine or an upstream receives is what the client sent, unknown nested keys included.

/**
 * For checks on what stands in lists: validation ends at the first bad item, where it would go on otherwise and collect a
 * problem for each of millions.
 */
export const ENDS = { abort: true } as const;

const text = z.object({ type: z.literal("text"), text: z.string() });
const refusal = z.object({ type: z.literal("refusal"), refusal: z.string() });
const imageUrl = z.object({
  type: z.literal("image_url"),
  image_url: z.object({ url: z.string(), detail: z.enum(["auto", "low", "high", "original"]).optional() }),
});
const inputAudio = z.object({
  type: z.literal("input_audio"),
  input_audio: z.object({ data: z.string(), format: z.enum(["wav", "mp3"]) }),
});
const file = z.object({
  type: z.literal("file"),
  file: z.object({
    file_data: z.string().optional(),
    file_id: z.string().optional(),
    filename: z.string().optional(),
  }),
});
const userPart = z.discriminatedUnion("type", [text, imageUrl, inputAudio, file]);
const textContent = z.union([z.string(), z.array(text).min(1, ENDS)]);

const functionCall = z.object({ name: z.string(), arguments: z.string() });
const toolCall = z.discriminatedUnion("type", [
  z.object({ id: z.string(), type: z.literal("function"), function: functionCall }),
  z.object({
    id: z.string(),
    type: z.literal("custom"),
    custom: z.object({ name: z.string(), input: z.string() }),
  }),
]);

const name = z.string().optional();
const message = z.discriminatedUnion("role", [
  z.object({ role: z.literal("developer"), content: textContent, name }),
  z.object({ role: z.literal("system"), content: textContent, name }),
  z.object({ role: z.literal("user"), content: z.union([z.string(), z.array(userPart).min(1, ENDS)]), name }),
  z.object({
    role: z.literal("assistant"),
    content: z.union([z.string(), z.array(z.discriminatedUnion("type", [text, refusal])), z.null()]).optional(),
    refusal: z.string().nullish(),
    name,
    audio: z.object({ id: z.string() }).nullish(),
    tool_calls: z.array(toolCall).optional(),
    function_call: functionCall.nullish(),
  }),
  z.object({ role: z.literal("tool"), content: textContent, tool_call_id: z.string() }),
  z.object({ role: z.literal("function"), content: z.string().nullable(), name: z.string() }),
]);

const functionName = z
  .string()
  .min(1, ENDS)
  .max(64, ENDS)
  .regex(/^[a-zA-Z0-9_.-]+$/, { error: "expected letters, digits, _ and - only", ...ENDS });
const functionDefinition = z.object({
  name: functionName,
  description: z.string().optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
  strict: z.boolean().nullish(),
});
const tool = z.discriminatedUnion("type", [
  z.object({ type: z.literal("function"), function: functionDefinition }),
  z.object({
    type: z.literal("custom"),
    custom: z.object({
      name: functionName,
      description: z.string().optional(),
      format: z
        .discriminatedUnion("type", [
          z.object({ type: z.literal("text") }),
          z.object({
            type: z.literal("grammar"),
            grammar: z.object({ definition: z.string(), syntax: z.enum(["lark", "regex"]) }),
          }),
        ])
        .optional(),
    }),
  }),
]);
const named = z.object({ name: z.string() });
const toolChoice = z.union([
  z.enum(["none", "auto", "required"]),
  z.discriminatedUnion("type", [
    z.object({ type: z.literal("function"), function: named }),
    z.object({ type: z.literal("custom"), custom: named }),
    z.object({
      type: z.literal("allowed_tools"),
      allowed_tools: z.object({
        mode: z.enum(["auto", "required"]),
        tools: z.array(z.record(z.string(), z.unknown())),
      }),
    }),
  ]),
]);

const responseFormat = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text") }),
  z.object({ type: z.literal("json_object") }),
  z.object({
    type: z.literal("json_schema"),
    json_schema: z.object({
      name: functionName,
      description: z.string().optional(),
      schema: z.record(z.string(), z.unknown()).optional(),
      strict: z.boolean().nullish(),
    }),
  }),
]);

const location = z.object({
  city: z.string().optional(),
  country: z.string().optional(),
  region: z.string().optional(),
  timezone: z.string().optional(),
});
const moderationMode = z.object({ mode: z.enum(["score", "block"]) }).nullish();

export const streamOptions = z
  .object({ include_usage: z.boolean().optional(), include_obfuscation: z.boolean().optional() })
  .nullish();

export const stop = z.union([z.string(), z.array(z.string()).max(4), z.null()]);
export const logitBias = z.record(z.string(), z.number().min(-100).max(100));

export const chatCompletionRequest = z.object({
  messages: z.array(message).min(1),
  model: z.string().min(1).max(256),
  audio: z
    .object({
      format: z.enum(["wav", "aac", "mp3", "flac", "opus", "pcm16"]),
      voice: z.union([z.string(), z.object({ id: z.string() })]),
    })
    .nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  function_call: z.union([z.enum(["none", "auto"]), named]).optional(),
  functions: z.array(functionDefinition).min(1).max(128).optional(),
  logit_bias: logitBias.nullish(),
  logprobs: z.boolean().nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  max_tokens: z.int().min(1).nullish(),
  metadata: metadata.nullish(),
  modalities: z.array(z.enum(["text", "audio"])).nullish(),
  moderation: z
    .object({
      model: z.string(),
      policy: z.object({ input: moderationMode, output: moderationMode }).nullish(),
    })
    .nullish(),
  n: z.int().min(1).max(128).nullish(),
  parallel_tool_calls: z.boolean().optional(),
  prediction: z.object({ type: z.literal("content"), content: textContent }).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  prompt_cache_key: z.string().nullish(),
  prompt_cache_options: z
    .object({ mode: z.enum(["implicit", "explicit"]).optional(), ttl: z.literal("30m").optional() })
    .optional(),
  prompt_cache_retention: z.enum(["in_memory", "24h"]).nullish(),
  reasoning_effort: z.enum(["none", "minimal", "low", "medium", "high", "xhigh", "max"]).nullish(),
  response_format: responseFormat.optional(),
  safety_identifier: z.string().nullish(),
  seed: z.int().nullish(),
  service_tier: z.enum(["auto", "default", "fast", "flex", "scale", "priority"]).nullish(),
  stop: stop.optional(),
  store: z.boolean().nullish(),
  stream: z.boolean().nullish(),
  stream_options: streamOptions,
  temperature: z.number().min(0).max(2).nullish(),
  tool_choice: toolChoice.optional(),
  tools: z.array(tool).max(128).optional(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  user: z.string().optional(),
  verbosity: z.enum(["low", "medium", "high"]).nullish(),
  web_search_options: z
    .object({
      search_context_size: z.enum(["low", "medium", "high"]).optional(),
      user_location: z.object({ type: z.literal("approximate"), approximate: location }).nullish(),
    })
    .optional(),
});

export type ChatCompletionRequest = z.infer<typeof chatCompletionRequest>;
export type ChatMessage = ChatCompletionRequest["messages"][number];
export type ChatTool = NonNullable<ChatCompletionRequest["tools"]>[number];
