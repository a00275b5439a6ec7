import { base64Head } from "../inputs/base64.ts";
import { mediaParts } from "../inputs/chat-inputs.ts";
import { parseDataUrl } from "../inputs/data-url.ts";
import { IMAGE_HEAD_BYTES, type ImageSize, imageSize } from "../inputs/image-size.ts";
import { imageTokens } from "../inputs/image-tokens.ts";
import type { ChatCompletionRequest, ChatMessage } from "../resources/chat/completions/chat-completions.schema.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** What the role markers around each message, and the start of the answer, cost in ChatML. */
const TOKENS_PER_MESSAGE = 3;
const TOKENS_FOR_REPLY = 3;

type Prompt = Pick<ChatCompletionRequest, "model" | "messages" | "tools">;

/** Prompt tokens of a chat, where the engine reports none: its texts, images, tool calls and tool definitions. */
export function countChatPrompt({ model, messages, tools }: Prompt, tokenizer: Tokenizer): number {
  let total = countChatText({ messages, tools }, tokenizer);
  for (const { part } of mediaParts(messages)) {
    if (part.type === "image_url") total += imageTokens(model, sizeOf(part.image_url.url), part.image_url.detail);
  }
  return total;
}

/** The same without images: what they cost is only known of some models. */
export function countChatText({ messages, tools }: Omit<Prompt, "model">, tokenizer: Tokenizer): number {
  let total = TOKENS_FOR_REPLY;
  for (const message of messages) {
    total += TOKENS_PER_MESSAGE + tokenizer.count(message.role) + countContent(message, tokenizer);
    if (message.role === "assistant" && message.tool_calls)
      total += tokenizer.count(JSON.stringify(message.tool_calls));
  }
  return tools ? total + tokenizer.count(JSON.stringify(tools)) : total;
}

function countContent({ content }: ChatMessage, tokenizer: Tokenizer): number {
  if (typeof content === "string") return tokenizer.count(content);
  let total = 0;
  for (const part of content ?? []) if (part.type === "text") total += tokenizer.count(part.text);
  return total;
}

/** Known of images that are in the request; of others only by fetching them, which counting does not do. */
function sizeOf(url: string): ImageSize | null {
  const data = parseDataUrl(url);
  const head = data?.base64 ? base64Head(url, data.dataAt, IMAGE_HEAD_BYTES) : null;
  return head && imageSize(head);
}
