import type { Metadata } from "../metadata.ts";

// Replies of https://platform.openai.com/docs/api-reference/conversations.

export interface Conversation {
  id: string;
  object: "conversation";
  /** Unix seconds. */
  created_at: number;
  metadata: Metadata;
}

export interface ConversationDeleted {
  id: string;
  object: "conversation.deleted";
  deleted: true;
}
