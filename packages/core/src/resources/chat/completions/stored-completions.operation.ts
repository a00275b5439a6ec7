import { bareOperation, jsonOperation } from "../../../operation.ts";
import { completionListQuery, completionUpdateRequest } from "./stored-completions.schema.ts";
import {
  deleteChatCompletion,
  getChatCompletion,
  listChatCompletions,
  updateChatCompletion,
} from "./stored-completions.service.ts";

const REFERENCE = "https://platform.openai.com/docs/api-reference/chat";
const completion = { path: "/chat/completions/{completion_id}", auth: "key", streams: false } as const;

export const listChatCompletionsOperation = bareOperation({
  id: "listChatCompletions",
  method: "GET",
  path: "/chat/completions",
  summary: "Lists the completions that were stored, the oldest first.",
  reference: `${REFERENCE}/list`,
  auth: "key",
  streams: false,
  query: completionListQuery,
  run: listChatCompletions,
});

export const getChatCompletionOperation = bareOperation({
  ...completion,
  id: "getChatCompletion",
  method: "GET",
  summary: "Retrieves a stored completion.",
  reference: `${REFERENCE}/get`,
  run: getChatCompletion,
});

export const updateChatCompletionOperation = jsonOperation({
  ...completion,
  id: "updateChatCompletion",
  method: "POST",
  summary: "Replaces a stored completion's metadata.",
  reference: `${REFERENCE}/update`,
  body: { schema: completionUpdateRequest, maxBytes: 1024 * 1024 },
  run: updateChatCompletion,
});

export const deleteChatCompletionOperation = bareOperation({
  ...completion,
  id: "deleteChatCompletion",
  method: "DELETE",
  summary: "Deletes a stored completion with its messages.",
  reference: `${REFERENCE}/delete`,
  run: deleteChatCompletion,
});
