import { z } from "zod";
import { MAX_TEXT } from "../../items/fields.schema.ts";
import { includable } from "../../items/include.ts";
import { inputItem } from "../../items/input-item.schema.ts";
import { forwardPageQuery } from "../../pipeline/page.ts";
import { ENDS } from "../chat/completions/chat-completions.schema.ts";
import { metadata } from "../metadata.ts";
import { responseTool, responseToolChoice } from "./responses.tools.schema.ts";

// Requests of https://platform.openai.com/docs/api-reference/responses/create. They are only checked: what an engine gets is
// made from what the client sent.

/** Items of one request; what a conversation adds comes on top. */
const MAX_ITEMS = 10_000;

const responseInput = z.union([z.string().max(MAX_TEXT, ENDS), z.array(inputItem).max(MAX_ITEMS, ENDS)]);

const conversationParam = z.union([z.string().min(1), z.object({ id: z.string().min(1) })]);

const schemaName = z
  .string()
  .min(1, ENDS)
  .max(64, ENDS)
  .regex(/^[a-zA-Z0-9_-]+$/, { error: "expected letters, digits, _ and - only", ...ENDS });
const responseText = z.object({
  format: z
    .discriminatedUnion("type", [
      z.object({ type: z.literal("text") }),
      z.object({ type: z.literal("json_object") }),
      z.object({
        type: z.literal("json_schema"),
        name: schemaName,
        schema: z.record(z.string(), z.unknown()),
        description: z.string().optional(),
        strict: z.boolean().nullish(),
      }),
    ])
    .optional(),
  verbosity: z.enum(["low", "medium", "high"]).nullish(),
});

const summary = z.enum(["auto", "concise", "detailed"]).nullish();
const responseReasoning = z.object({
  effort: z.enum(["none", "minimal", "low", "medium", "high", "xhigh", "max"]).nullish(),
  summary,
  generate_summary: summary,
  context: z.enum(["auto", "current_turn", "all_turns"]).nullish(),
  mode: z.string().optional(),
});

const moderationMode = z.object({ mode: z.enum(["score", "block"]) }).nullish();
export const responseRequest = z.object({
  access_programs: z.object({ cyber: z.enum(["standard", "daybreak_blue", "daybreak_red"]).optional() }).optional(),
  background: z.boolean().nullish(),
  context_management: z
    .array(z.object({ type: z.string(), compact_threshold: z.int().min(1000, ENDS).nullish() }))
    .min(1)
    .nullish(),
  conversation: conversationParam.nullish(),
  image: z.object({ context_compression: z.enum(["auto", "enabled", "disabled"]).optional() }).optional(),
  include: z.array(includable).nullish(),
  input: responseInput.optional(),
  instructions: z.string().max(MAX_TEXT).nullish(),
  max_output_tokens: z.int().min(16).nullish(),
  max_tool_calls: z.int().min(1).nullish(),
  metadata: metadata.nullish(),
  model: z.string().min(1).max(256).optional(),
  moderation: z
    .object({
      model: z.string(),
      policy: z.object({ input: moderationMode, output: moderationMode }).nullish(),
    })
    .nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  previous_response_id: z.string().min(1).max(256).nullish(),
  prompt: z
    .object({
      id: z.string(),
      variables: z.record(z.string(), z.union([z.string(), z.object({ type: z.string() })])).nullish(),
      version: z.string().nullish(),
    })
    .nullish(),
  prompt_cache_key: z.string().nullish(),
  prompt_cache_options: z
    .object({
      comparison_response_id: z.string().nullish(),
      mode: z.enum(["implicit", "explicit"]).optional(),
      prewarm: z.boolean().optional(),
      ttl: z.enum(["30m", "12h"]).optional(),
    })
    .optional(),
  prompt_cache_retention: z.enum(["in_memory", "24h"]).nullish(),
  reasoning: responseReasoning.nullish(),
  safety_identifier: z.string().max(64).nullish(),
  service_tier: z.enum(["auto", "default", "flex", "scale", "priority", "fast", "ultrafast"]).nullish(),
  store: z.boolean().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_obfuscation: z.boolean().optional() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  text: responseText.optional(),
  tool_choice: responseToolChoice.optional(),
  tools: z.array(responseTool).max(128).optional(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  truncation: z.enum(["auto", "disabled"]).nullish(),
  user: z.string().optional(),
});

export type ResponseRequest = z.infer<typeof responseRequest>;

/** https://platform.openai.com/docs/api-reference/responses/get */
export const responseQuery = z.object({
  include: z.array(includable).optional(),
  include_obfuscation: z.boolean().optional(),
  starting_after: z.int().min(0).optional(),
  stream: z.boolean().optional(),
});

/** https://platform.openai.com/docs/api-reference/responses/input-items */
export const inputItemsQuery = forwardPageQuery.extend({ include: z.array(includable).optional() });

/** https://platform.openai.com/docs/api-reference/responses/input-tokens */
export const inputTokensRequest = z.object({
  conversation: conversationParam.nullish(),
  input: responseInput.nullish(),
  instructions: responseRequest.shape.instructions,
  model: z.string().min(1).max(256).nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  personality: z.string().max(64).optional(),
  previous_response_id: responseRequest.shape.previous_response_id,
  reasoning: responseReasoning.nullish(),
  text: responseText.nullish(),
  tool_choice: responseToolChoice.nullish(),
  tools: z.array(responseTool).max(128).nullish(),
  truncation: z.enum(["auto", "disabled"]).optional(),
});

export type ResponseQuery = z.infer<typeof responseQuery>;
export type InputItemsQuery = z.infer<typeof inputItemsQuery>;
export type InputTokensRequest = z.infer<typeof inputTokensRequest>;
