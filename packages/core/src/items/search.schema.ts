import { z } from "zod";
import { callId, itemId, itemStatus, listedTool, longText, optionalItemId } from "./fields.schema.ts";

// Searches: in files, on the web, among tools.

const execution = z.enum(["server", "client"]).optional();

export const searchItems = [
  z.object({
    type: z.literal("file_search_call"),
    id: itemId,
    queries: z.array(z.string()),
    status: z.enum(["in_progress", "searching", "completed", "incomplete", "failed"]),
    results: z
      .array(
        z.object({
          attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullish(),
          file_id: z.string().optional(),
          filename: z.string().optional(),
          score: z.number().optional(),
          text: longText.optional(),
        }),
      )
      .nullish(),
  }),
  z.object({
    type: z.literal("web_search_call"),
    id: itemId,
    status: z.enum(["in_progress", "searching", "completed", "failed", "incomplete"]),
    action: z.discriminatedUnion("type", [
      z.object({
        type: z.literal("search"),
        query: z.string().optional(),
        queries: z.array(z.string()).optional(),
        sources: z.array(z.object({ type: z.literal("url"), url: z.string() })).optional(),
      }),
      z.object({ type: z.literal("open_page"), url: z.string().nullish() }),
      z.object({ type: z.literal("find_in_page"), pattern: z.string(), url: z.string() }),
    ]),
  }),
  z.object({
    type: z.literal("tool_search_call"),
    id: optionalItemId,
    call_id: callId.nullish(),
    arguments: z.unknown(),
    execution,
    status: itemStatus.nullish(),
  }),
  z.object({
    type: z.literal("tool_search_output"),
    id: optionalItemId,
    call_id: callId.nullish(),
    tools: z.array(listedTool),
    execution,
    status: itemStatus.nullish(),
  }),
] as const;
