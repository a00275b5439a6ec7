import { bareOperation, jsonOperation } from "../../operation.ts";
import { conversationCreateRequest, conversationUpdateRequest } from "./conversations.schema.ts";
import {
  createConversation,
  deleteConversation,
  getConversation,
  updateConversation,
} from "./conversations.service.ts";

const REFERENCE = "https://platform.openai.com/docs/api-reference/conversations";
const conversation = { path: "/conversations/{conversation_id}", auth: "key", streams: false } as const;

export const createConversationOperation = jsonOperation({
  id: "createConversation",
  method: "POST",
  path: "/conversations",
  summary: "Begins a conversation, with items that were said already or with none.",
  reference: `${REFERENCE}/create`,
  auth: "key",
  streams: false,
  // Room for images and files sent as data URLs.
  body: { schema: conversationCreateRequest, maxBytes: 50 * 1024 * 1024 },
  run: createConversation,
});

export const getConversationOperation = bareOperation({
  ...conversation,
  id: "getConversation",
  method: "GET",
  summary: "Retrieves a conversation: its date and its metadata.",
  reference: `${REFERENCE}/retrieve`,
  run: getConversation,
});

export const updateConversationOperation = jsonOperation({
  ...conversation,
  id: "updateConversation",
  method: "POST",
  summary: "Replaces a conversation's metadata.",
  reference: `${REFERENCE}/update`,
  body: { schema: conversationUpdateRequest, maxBytes: 1024 * 1024 },
  run: updateConversation,
});

export const deleteConversationOperation = bareOperation({
  ...conversation,
  id: "deleteConversation",
  method: "DELETE",
  summary: "Deletes a conversation with its items.",
  reference: `${REFERENCE}/delete`,
  run: deleteConversation,
});
