import { z } from "zod";
import { ENDS } from "../resources/chat/completions/chat-completions.schema.ts";
import { callId, itemId, itemStatus, listedTool, longText, MAX_FILE_DATA, optionalItemId } from "./fields.schema.ts";

// What a model made besides messages: thoughts, pictures, programs, and what steers it.

const effort = z.enum(["none", "minimal", "low", "medium", "high", "xhigh", "max"]).nullish();
const tokens = z.int().min(0);

export const modelWorkItems = [
  z.object({
    type: z.literal("reasoning"),
    id: itemId,
    summary: z.array(z.object({ type: z.literal("summary_text"), text: longText })),
    content: z.array(z.object({ type: z.literal("reasoning_text"), text: longText })).optional(),
    encrypted_content: longText.nullish(),
    status: itemStatus.nullish(),
  }),
  z.object({ type: z.literal("compaction"), id: optionalItemId, encrypted_content: longText }),
  z.object({
    type: z.literal("image_generation_call"),
    id: itemId,
    result: z.string().max(MAX_FILE_DATA, ENDS).nullable(),
    status: z.enum(["in_progress", "completed", "generating", "failed"]),
    action: z.enum(["generate", "edit", "auto"]).nullish(),
    background: z.enum(["transparent", "opaque", "auto"]).nullish(),
    error: z
      .object({
        code: z.string().nullable(),
        message: z.string(),
        param: z.string().nullable(),
        type: z.string(),
        moderation_details: z
          .object({ categories: z.array(z.string()), moderation_stage: z.enum(["input", "output", "unknown"]) })
          .optional(),
      })
      .optional(),
    output_format: z.enum(["png", "webp", "jpeg", "gif", "svg"]).nullish(),
    quality: z.enum(["low", "medium", "high", "xhigh", "max", "auto"]).nullish(),
    revised_prompt: longText.nullish(),
    size: z.string().nullish(),
    svg_usage: z
      .object({
        model: z.string(),
        input_tokens: tokens,
        output_tokens: tokens,
        reasoning_tokens: tokens,
        total_tokens: tokens,
      })
      .optional(),
  }),
  z.object({
    type: z.literal("code_interpreter_call"),
    id: itemId,
    code: longText.nullable(),
    container_id: z.string(),
    status: z.enum(["in_progress", "completed", "incomplete", "interpreting", "failed"]),
    outputs: z
      .array(
        z.discriminatedUnion("type", [
          z.object({ type: z.literal("logs"), logs: longText }),
          z.object({ type: z.literal("image"), url: longText }),
        ]),
      )
      .nullable(),
  }),
  z.object({ type: z.literal("program"), id: itemId, call_id: callId, code: longText, fingerprint: longText }),
  z.object({
    type: z.literal("program_output"),
    id: itemId,
    call_id: callId,
    result: longText,
    status: z.enum(["completed", "incomplete"]),
  }),
  z.object({
    type: z.literal("additional_tools"),
    id: optionalItemId,
    role: z.literal("developer"),
    tools: z.array(listedTool),
  }),
  z.object({
    type: z.literal("configuration_update"),
    id: optionalItemId,
    reasoning: z.object({ effort }).optional(),
    text: z
      .object({
        format: z.discriminatedUnion("type", [
          z.object({ type: z.literal("text") }),
          z.object({
            type: z.literal("json_schema"),
            name: z.string(),
            description: z.string().optional(),
            schema: z.record(z.string(), z.unknown()),
            strict: z.boolean().nullish(),
          }),
        ]),
      })
      .optional(),
  }),
] as const;
