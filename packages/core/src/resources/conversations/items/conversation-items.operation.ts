import { bareOperation, jsonOperation } from "../../../operation.ts";
import { includeQuery, itemCreateRequest, itemListQuery } from "./conversation-items.schema.ts";
import {
  createConversationItems,
  deleteConversationItem,
  getConversationItem,
  listConversationItems,
} from "./conversation-items.service.ts";

const REFERENCE = "https://platform.openai.com/docs/api-reference/conversations";
const items = { path: "/conversations/{conversation_id}/items", auth: "key", streams: false } as const;
const item = { ...items, path: `${items.path}/{item_id}` } as const;

export const createConversationItemsOperation = jsonOperation({
  ...items,
  id: "createConversationItems",
  method: "POST",
  summary: "Adds items to a conversation: all of them, or none.",
  reference: `${REFERENCE}/create-items`,
  query: includeQuery,
  // Room for images and files sent as data URLs.
  body: { schema: itemCreateRequest, maxBytes: 50 * 1024 * 1024 },
  run: createConversationItems,
});

export const listConversationItemsOperation = bareOperation({
  ...items,
  id: "listConversationItems",
  method: "GET",
  summary: "Lists a conversation's items, the newest first.",
  reference: `${REFERENCE}/list-items`,
  query: itemListQuery,
  run: listConversationItems,
});

export const getConversationItemOperation = bareOperation({
  ...item,
  id: "getConversationItem",
  method: "GET",
  summary: "Retrieves one item of a conversation.",
  reference: `${REFERENCE}/get-item`,
  query: includeQuery,
  run: getConversationItem,
});

export const deleteConversationItemOperation = bareOperation({
  ...item,
  id: "deleteConversationItem",
  method: "DELETE",
  summary: "Deletes one item of a conversation.",
  reference: `${REFERENCE}/delete-item`,
  run: deleteConversationItem,
});
