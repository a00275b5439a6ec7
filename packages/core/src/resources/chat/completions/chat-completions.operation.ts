import { jsonOperation } from "../../../operation.ts";
import { chatCompletionRequest } from "./chat-completions.schema.ts";
import { createChatCompletion } from "./chat-completions.service.ts";

export const createChatCompletionOperation = jsonOperation({
  id: "createChatCompletion",
  method: "POST",
  path: "/chat/completions",
  summary: "Answers a conversation, whole or streamed.",
  reference: "https://platform.openai.com/docs/api-reference/chat/create",
  auth: "key",
  streams: true,
  // Room for images and audio sent as data URLs.
  body: { schema: chatCompletionRequest, maxBytes: 50 * 1024 * 1024 },
  spends: ({ model, messages, tools, max_completion_tokens, max_tokens, n }) => ({
    kind: "completions",
    model,
    input: tools ? [messages, tools] : messages,
    maxOutputTokens: max_completion_tokens ?? max_tokens ?? null,
    answers: n ?? 1,
  }),
  run: createChatCompletion,
});
