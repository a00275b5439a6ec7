import { bareOperation, jsonOperation } from "../../operation.ts";
import { responseRequest } from "./responses.schema.ts";
import { createResponse, deleteResponse, getResponse } from "./responses.service.ts";

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
  run: createResponse,
});

export const getResponseOperation = bareOperation({
  id: "getResponse",
  method: "GET",
  path: "/responses/{response_id}",
  summary: "A response that was stored.",
  reference: "https://platform.openai.com/docs/api-reference/responses/get",
  auth: "key",
  streams: false,
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
