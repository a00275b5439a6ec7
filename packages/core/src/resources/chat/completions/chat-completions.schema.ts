import { z } from "zod";

// Requests of https://platform.openai.com/docs/api-reference/chat/create. Schemas only check: they have no
// defaults and no transforms, so what an engine or an upstream receives is what the client sent.

const text = z.looseObject({ type: z.literal("text"), text: z.string() });
const refusal = z.looseObject({ type: z.literal("refusal"), refusal: z.string() });
const imageUrl = z.looseObject({
  type: z.literal("image_url"),
  image_url: z.looseObject({ url: z.string(), detail: z.enum(["auto", "low", "high", "original"]).optional() }),
});
const inputAudio = z.looseObject({
  type: z.literal("input_audio"),
  input_audio: z.looseObject({ data: z.string(), format: z.enum(["wav", "mp3"]) }),
});
const file = z.looseObject({
  type: z.literal("file"),
  file: z.looseObject({
    file_data: z.string().optional(),
    file_id: z.string().optional(),
    filename: z.string().optional(),
  }),
});
const userPart = z.discriminatedUnion("type", [text, imageUrl, inputAudio, file]);
const textContent = z.union([z.string(), z.array(text).min(1)]);

const functionCall = z.looseObject({ name: z.string(), arguments: z.string() });
const toolCall = z.discriminatedUnion("type", [
  z.looseObject({ id: z.string(), type: z.literal("function"), function: functionCall }),
  z.looseObject({
    id: z.string(),
    type: z.literal("custom"),
    custom: z.looseObject({ name: z.string(), input: z.string() }),
  }),
]);

const name = z.string().optional();
const message = z.discriminatedUnion("role", [
  z.looseObject({ role: z.literal("developer"), content: textContent, name }),
  z.looseObject({ role: z.literal("system"), content: textContent, name }),
  z.looseObject({ role: z.literal("user"), content: z.union([z.string(), z.array(userPart).min(1)]), name }),
  z.looseObject({
    role: z.literal("assistant"),
    content: z.union([z.string(), z.array(z.discriminatedUnion("type", [text, refusal])), z.null()]).optional(),
    refusal: z.string().nullish(),
    name,
    audio: z.looseObject({ id: z.string() }).nullish(),
    tool_calls: z.array(toolCall).optional(),
    function_call: functionCall.nullish(),
  }),
  z.looseObject({ role: z.literal("tool"), content: textContent, tool_call_id: z.string() }),
  z.looseObject({ role: z.literal("function"), content: z.string().nullable(), name: z.string() }),
]);

const functionName = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-zA-Z0-9_.-]+$/, "expected letters, digits, _ and - only");
const functionDefinition = z.looseObject({
  name: functionName,
  description: z.string().optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
  strict: z.boolean().nullish(),
});
const tool = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("function"), function: functionDefinition }),
  z.looseObject({
    type: z.literal("custom"),
    custom: z.looseObject({
      name: functionName,
      description: z.string().optional(),
      format: z
        .discriminatedUnion("type", [
          z.looseObject({ type: z.literal("text") }),
          z.looseObject({
            type: z.literal("grammar"),
            grammar: z.looseObject({ definition: z.string(), syntax: z.enum(["lark", "regex"]) }),
          }),
        ])
        .optional(),
    }),
  }),
]);
const named = z.looseObject({ name: z.string() });
const toolChoice = z.union([
  z.enum(["none", "auto", "required"]),
  z.discriminatedUnion("type", [
    z.looseObject({ type: z.literal("function"), function: named }),
    z.looseObject({ type: z.literal("custom"), custom: named }),
    z.looseObject({
      type: z.literal("allowed_tools"),
      allowed_tools: z.looseObject({
        mode: z.enum(["auto", "required"]),
        tools: z.array(z.record(z.string(), z.unknown())),
      }),
    }),
  ]),
]);

const responseFormat = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("text") }),
  z.looseObject({ type: z.literal("json_object") }),
  z.looseObject({
    type: z.literal("json_schema"),
    json_schema: z.looseObject({
      name: functionName,
      description: z.string().optional(),
      schema: z.record(z.string(), z.unknown()).optional(),
      strict: z.boolean().nullish(),
    }),
  }),
]);

const moderationMode = z.looseObject({ mode: z.enum(["score", "block"]) }).nullish();

export const streamOptions = z
  .looseObject({ include_usage: z.boolean().optional(), include_obfuscation: z.boolean().optional() })
  .nullish();

export const metadata = z
  .record(z.string().max(64), z.string().max(512))
  .refine((pairs) => Object.keys(pairs).length <= 16, "expected at most 16 key-value pairs");

export const stop = z.union([z.string(), z.array(z.string()).max(4), z.null()]);
export const logitBias = z.record(z.string(), z.number().min(-100).max(100));

export const chatCompletionRequest = z.looseObject({
  messages: z.array(message).min(1),
  model: z.string().min(1).max(256),
  audio: z
    .looseObject({
      format: z.enum(["wav", "aac", "mp3", "flac", "opus", "pcm16"]),
      voice: z.union([z.string(), z.looseObject({ id: z.string() })]),
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
    .looseObject({
      model: z.string(),
      policy: z.looseObject({ input: moderationMode, output: moderationMode }).nullish(),
    })
    .nullish(),
  n: z.int().min(1).max(128).nullish(),
  parallel_tool_calls: z.boolean().optional(),
  prediction: z.looseObject({ type: z.literal("content"), content: textContent }).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  prompt_cache_key: z.string().nullish(),
  prompt_cache_options: z
    .looseObject({ mode: z.enum(["implicit", "explicit"]).optional(), ttl: z.literal("30m").optional() })
    .optional(),
  prompt_cache_retention: z.enum(["in_memory", "24h"]).nullish(),
  reasoning_effort: z.enum(["none", "minimal", "low", "medium", "high", "xhigh", "max"]).nullish(),
  response_format: responseFormat.optional(),
  safety_identifier: z.string().nullish(),
  seed: z.int().nullish(),
  service_tier: z.enum(["auto", "default", "flex", "scale", "priority"]).nullish(),
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
    .looseObject({
      search_context_size: z.enum(["low", "medium", "high"]).optional(),
      user_location: z
        .looseObject({ type: z.literal("approximate"), approximate: z.record(z.string(), z.unknown()) })
        .nullish(),
    })
    .optional(),
});

export type ChatCompletionRequest = z.infer<typeof chatCompletionRequest>;
export type ChatMessage = ChatCompletionRequest["messages"][number];
export type ChatTool = NonNullable<ChatCompletionRequest["tools"]>[number];
