import { z } from "zod";
import { inputItem } from "../../items/input-item.schema.ts";
import { ENDS } from "../chat/completions/chat-completions.schema.ts";
import { metadata } from "../metadata.ts";

// Requests of https://platform.openai.com/docs/api-reference/conversations.

/** Items that can be added at once. */
export const newItemList = z.array(inputItem).max(20, ENDS);

export const conversationCreateRequest = z.object({
  items: newItemList.nullish(),
  metadata: metadata.nullish(),
});

export const conversationUpdateRequest = z.object({ metadata: metadata.nullable() });

export type ConversationCreateRequest = z.infer<typeof conversationCreateRequest>;
export type ConversationUpdateRequest = z.infer<typeof conversationUpdateRequest>;
