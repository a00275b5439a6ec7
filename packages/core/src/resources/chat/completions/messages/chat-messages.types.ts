import type { ListPage } from "../../../../pipeline/page.ts";
import type { ChatMessage } from "../chat-completions.schema.ts";
import type { ChatToolCall } from "../chat-completions.types.ts";

// Replies of https://platform.openai.com/docs/api-reference/chat/getMessages.

type UserPart = Extract<Extract<ChatMessage, { role: "user" }>["content"], unknown[]>[number];

/** A message that a stored completion answered. */
export interface StoredChatMessage {
  id: string;
  role: ChatMessage["role"];
  /** The text; null where the client sent parts. */
  content: string | null;
  /** The texts and images of a message sent in parts; other kinds of parts are not kept. */
  content_parts: Extract<UserPart, { type: "text" | "image_url" }>[] | null;
  name: string | null;
  refusal: string | null;
  tool_calls?: ChatToolCall[];
  tool_call_id?: string;
  function_call?: { name: string; arguments: string };
}

export type StoredChatMessageList = ListPage<StoredChatMessage>;
