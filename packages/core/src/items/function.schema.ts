import { z } from "zod";
import { ENDS } from "../resources/chat/completions/chat-completions.schema.ts";
import { toolOutput } from "./content.schema.ts";
import { caller, callId, itemStatus, longText, optionalItemId } from "./fields.schema.ts";

// Calls of the client's own tools, and what they gave.

const name = z.string().min(1, ENDS).max(128, ENDS);
const namespace = z.string().min(1, ENDS).max(64, ENDS).nullish();
const called = { id: optionalItemId, call_id: callId, name, namespace, caller, async: z.boolean().optional() };

export const functionItems = [
  z.object({ ...called, type: z.literal("function_call"), arguments: longText, status: itemStatus.nullish() }),
  z.object({
    type: z.literal("function_call_output"),
    id: optionalItemId,
    call_id: callId.nullish(),
    name: name.nullish(),
    namespace,
    caller,
    output: toolOutput,
    status: itemStatus.nullish(),
  }),
  z.object({ ...called, type: z.literal("custom_tool_call"), input: longText, status: itemStatus.nullish() }),
  z.object({
    type: z.literal("custom_tool_call_output"),
    id: optionalItemId,
    call_id: callId,
    caller,
    output: toolOutput,
    status: itemStatus.nullish(),
  }),
] as const;
