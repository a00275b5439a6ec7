import type { ChatCompletionRequest, ChatMessage } from "@outlet/core";
import type { Encoding } from "./encoding.ts";
import { countTokens } from "./tokens.ts";

/** What the role markers around each message, and the start of the answer, cost in ChatML. */
const TOKENS_PER_MESSAGE = 3;
const TOKENS_FOR_REPLY = 3;
const TOKENS_FOR_NAME = 1;
/** An image costs a flat 85 tokens in low detail; in high detail it depends on its size, and 1024 × 1024 costs 765. */
const TOKENS_PER_IMAGE = { low: 85, high: 765 };

export function countChatPrompt(request: ChatCompletionRequest, encoding: Encoding): number {
  let total = TOKENS_FOR_REPLY;
  for (const message of request.messages) total += countMessage(message, encoding);
  if (request.tools?.length) total += countTokens(JSON.stringify(request.tools), encoding);
  if (request.functions?.length) total += countTokens(JSON.stringify(request.functions), encoding);
  const { response_format: format } = request;
  if (format?.type === "json_schema") total += countTokens(JSON.stringify(format.json_schema), encoding);
  return total;
}

function countMessage(message: ChatMessage, encoding: Encoding): number {
  const { role, content } = message;
  let total = TOKENS_PER_MESSAGE + countTokens(role, encoding);
  if (typeof content === "string") total += countTokens(content, encoding);
  else {
    for (const part of content ?? []) {
      if (part.type === "text") total += countTokens(part.text, encoding);
      if (part.type === "image_url") total += TOKENS_PER_IMAGE[part.image_url.detail === "low" ? "low" : "high"];
    }
  }
  if ("name" in message && typeof message.name === "string") {
    total += TOKENS_FOR_NAME + countTokens(message.name, encoding);
  }
  if (role === "assistant" && message.tool_calls) total += countTokens(JSON.stringify(message.tool_calls), encoding);
  return total;
}
