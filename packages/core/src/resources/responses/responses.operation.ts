import { bareOperation, jsonOperation } from "../../operation.ts";
import { countInputTokens } from "./input-tokens.service.ts";
import { inputItemsQuery, inputTokensRequest, responseQuery, responseRequest } from "./responses.schema.ts";
import { cancelResponse, createResponse, deleteResponse, getResponse, listInputItems } from "./responses.service.ts";
import { responseSpending } from "./responses.spending.ts";

export const createResponseOperation = jsonOperation({
  id: "createResponse",
  method: "POST",
  path: "/responses",
  summary: "Answers an input, whole or streamed, and remembers it.",
  reference: "https://platform.openai.com/docs/api-reference/responses/create",
  auth: "key",
  streams: true,
  // Room for images and files sent as data URLs.
  body: { schema: responseRequest, maxBytes: 50 * 1024 * 1024 },
  spends: (request) => responseSpending(request),
  run: createResponse,
});

export const getResponseOperation = bareOperation({
  id: "getResponse",
  method: "GET",
  path: "/responses/{response_id}",
  summary: "A response that was stored; of one in the background, its stream.",
  reference: "https://platform.openai.com/docs/api-reference/responses/get",
  auth: "key",
  streams: true,
  query: responseQuery,
  run: getResponse,
});

export const deleteResponseOperation = bareOperation({
  id: "deleteResponse",
  method: "DELETE",
  path: "/responses/{response_id}",
  summary: "Forgets a stored response.",
  reference: "https://platform.openai.com/docs/api-reference/responses/delete",
  auth: "key",
  streams: false,
  run: deleteResponse,
});

export const cancelResponseOperation = bareOperation({
  id: "cancelResponse",
  method: "POST",
  path: "/responses/{response_id}/cancel",
  summary: "Stops work in the background.",
  reference: "https://platform.openai.com/docs/api-reference/responses/cancel",
  auth: "key",
  streams: false,
  run: cancelResponse,
});

export const listInputItemsOperation = bareOperation({
  id: "listInputItems",
  method: "GET",
  path: "/responses/{response_id}/input_items",
  summary: "What a stored response was asked about.",
  reference: "https://platform.openai.com/docs/api-reference/responses/input-items",
  auth: "key",
  streams: false,
  query: inputItemsQuery,
  run: listInputItems,
});

export const countInputTokensOperation = jsonOperation({
  id: "Getinputtokencounts",
  method: "POST",
  path: "/responses/input_tokens",
  summary: "Counts what a request would ask a model, without asking it.",
  reference: "https://platform.openai.com/docs/api-reference/responses/input-tokens",
  auth: "key",
  streams: false,
  body: { schema: inputTokensRequest, maxBytes: 50 * 1024 * 1024 },
  run: countInputTokens,
});
