import { z } from "zod";
import { ENDS } from "../resources/chat/completions/chat-completions.schema.ts";

// Fields that many kinds of items have.

/** Longest text of an item, in characters. */
export const MAX_TEXT = 10 * 1024 * 1024;
/** Longest image, as a URL or as a data URL. */
export const MAX_IMAGE_URL = 20 * 1024 * 1024;
/** Longest file in base64. */
export const MAX_FILE_DATA = 70 * 1024 * 1024;

export const longText = z.string().max(MAX_TEXT, ENDS);
/** An item's own id; the outlet makes one where a client sends none. */
export const itemId = z.string().min(1, ENDS).max(256, ENDS);
export const optionalItemId = itemId.nullish();
/** What an output names the call by that it answers. */
export const callId = z.string().min(1, ENDS).max(64, ENDS);
export const itemStatus = z.enum(["in_progress", "completed", "incomplete"]);
/** Who made a call: the model, or a program of its. */
export const caller = z
  .discriminatedUnion("type", [
    z.object({ type: z.literal("direct") }),
    z.object({ type: z.literal("program"), caller_id: z.string() }),
  ])
  .nullish();
/** A tool as an item lists it: which tools may be used is the request's own list to say. */
export const listedTool = z.object({ type: z.string() });
