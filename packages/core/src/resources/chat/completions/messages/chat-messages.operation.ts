import { bareOperation } from "../../../../operation.ts";
import { forwardPageQuery } from "../../../../pipeline/page.ts";
import { getChatCompletionMessages } from "./chat-messages.service.ts";

export const getChatCompletionMessagesOperation = bareOperation({
  id: "getChatCompletionMessages",
  method: "GET",
  path: "/chat/completions/{completion_id}/messages",
  summary: "Lists the messages that a stored completion answered, the oldest first.",
  reference: "https://platform.openai.com/docs/api-reference/chat/getMessages",
  auth: "key",
  streams: false,
  query: forwardPageQuery,
  run: getChatCompletionMessages,
});
