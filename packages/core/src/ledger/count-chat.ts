import type { ChatMessage, ChatTool } from "../resources/chat/completions/chat-completions.schema.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** What the role markers around each message, and the start of the answer, cost in ChatML. */
const TOKENS_PER_MESSAGE = 3;
const TOKENS_FOR_REPLY = 3;

/** Prompt tokens of a chat, where the engine reports none: its texts, tool calls and tool definitions. */
export function countChatPrompt(
  messages: readonly ChatMessage[],
  tools: readonly ChatTool[] | undefined,
  tokenizer: Tokenizer,
): number {
  let total = TOKENS_FOR_REPLY;
  for (const message of messages) {
    total += TOKENS_PER_MESSAGE + tokenizer.count(message.role);
    const { content } = message;
    if (typeof content === "string") total += tokenizer.count(content);
    else for (const part of content ?? []) if (part.type === "text") total += tokenizer.count(part.text);
    if (message.role === "assistant" && message.tool_calls)
      total += tokenizer.count(JSON.stringify(message.tool_calls));
  }
  return tools ? total + tokenizer.count(JSON.stringify(tools)) : total;
}
