import { z } from "zod";
import { itemId, longText, optionalItemId } from "./fields.schema.ts";

// Tools of remote MCP servers.

const call = { id: itemId, server_label: z.string(), name: z.string(), arguments: longText };

export const mcpItems = [
  z.object({
    type: z.literal("mcp_list_tools"),
    id: itemId,
    server_label: z.string(),
    tools: z.array(
      z.object({
        name: z.string(),
        description: z.string().nullish(),
        input_schema: z.unknown(),
        annotations: z.unknown().optional(),
      }),
    ),
    error: z.string().nullish(),
  }),
  z.object({ ...call, type: z.literal("mcp_approval_request") }),
  z.object({
    type: z.literal("mcp_approval_response"),
    id: optionalItemId,
    approval_request_id: z.string(),
    approve: z.boolean(),
    reason: z.string().nullish(),
  }),
  z.object({
    ...call,
    type: z.literal("mcp_call"),
    approval_request_id: z.string().nullish(),
    output: longText.nullish(),
    status: z.enum(["in_progress", "completed", "incomplete", "calling", "failed"]).optional(),
    error: z
      .discriminatedUnion("type", [
        z.object({ type: z.literal("mcp_protocol_error"), code: z.int(), message: z.string() }),
        z.object({ type: z.literal("mcp_tool_execution_error"), content: z.unknown() }),
        z.object({ type: z.literal("http_error"), code: z.int(), message: z.string() }),
      ])
      .nullish(),
  }),
] as const;
