import { ApiError } from "../errors/api-error.ts";
import { countChatText } from "../ledger/count-chat.ts";
import type { Tokenizer } from "../ledger/tokenizer.ts";
import { assertFits } from "../models/context-window.ts";
import type { ResolvedModel } from "../models/registry.ts";
import type { ChatCompletionRequest } from "../resources/chat/completions/chat-completions.schema.ts";

/** @throws ApiError 400 `context_length_exceeded` for a chat that the model has no room for */
export function assertChatFits(
  call: Parameters<typeof assertFits>[0],
  target: ResolvedModel,
  request: ChatCompletionRequest,
): void {
  const { messages, tools } = request;
  const count = (tokenizer: Tokenizer) => countChatText({ messages, tools }, tokenizer);
  assertFits(call, target, { prompt: "messages", count, output: outputAsked(request) });
}

/** False for a chat that `assertChatFits` refuses for its length. */
export function chatFits(...asked: Parameters<typeof assertChatFits>): boolean {
  try {
    assertChatFits(...asked);
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.code === "context_length_exceeded") return false;
    throw error;
  }
}

function outputAsked({ max_completion_tokens, max_tokens }: ChatCompletionRequest) {
  if (max_completion_tokens != null) return { param: "max_completion_tokens", tokens: max_completion_tokens };
  return max_tokens == null ? null : { param: "max_tokens", tokens: max_tokens };
}
