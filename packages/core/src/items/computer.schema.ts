import { z } from "zod";
import { ENDS } from "../resources/chat/completions/chat-completions.schema.ts";
import { callId, itemId, itemStatus, longText, MAX_IMAGE_URL, optionalItemId } from "./fields.schema.ts";

// What a model does at a computer's screen.

const keys = z.array(z.string());
const at = { x: z.number(), y: z.number(), keys: keys.nullish() };
const action = z.discriminatedUnion("type", [
  z.object({ ...at, type: z.literal("click"), button: z.enum(["left", "right", "wheel", "back", "forward"]) }),
  z.object({ ...at, type: z.literal("double_click"), keys: keys.nullable() }),
  z.object({
    type: z.literal("drag"),
    path: z.array(z.object({ x: z.number(), y: z.number() })),
    keys: keys.nullish(),
  }),
  z.object({ type: z.literal("keypress"), keys }),
  z.object({ ...at, type: z.literal("move") }),
  z.object({ type: z.literal("screenshot") }),
  z.object({ ...at, type: z.literal("scroll"), scroll_x: z.number(), scroll_y: z.number() }),
  z.object({ type: z.literal("type"), text: longText }),
  z.object({ type: z.literal("wait") }),
]);
const safetyCheck = z.object({ id: z.string(), code: z.string().nullish(), message: z.string().nullish() });

export const computerItems = [
  z.object({
    type: z.literal("computer_call"),
    id: itemId,
    call_id: callId,
    status: itemStatus,
    pending_safety_checks: z.array(safetyCheck),
    action: action.optional(),
    actions: z.array(action).optional(),
  }),
  z.object({
    type: z.literal("computer_call_output"),
    id: optionalItemId,
    call_id: callId,
    status: itemStatus.nullish(),
    acknowledged_safety_checks: z.array(safetyCheck).nullish(),
    output: z.object({
      type: z.literal("computer_screenshot"),
      file_id: z.string().optional(),
      image_url: z.string().max(MAX_IMAGE_URL, ENDS).optional(),
    }),
  }),
] as const;
