import { z } from "zod";
import type { Item, MessageItem } from "./item.types.ts";

/** https://platform.openai.com/docs/api-reference/conversations/list-items */
export const includable = z.enum([
  "file_search_call.results",
  "web_search_call.results",
  "web_search_call.action.sources",
  "message.input_image.image_url",
  "computer_call_output.output.image_url",
  "code_interpreter_call.outputs",
  "reasoning.encrypted_content",
  "message.output_text.logprobs",
]);

export type Includable = z.infer<typeof includable>;

/** The item with only those of its large or sensitive fields that the request asks for. */
export function itemWith(item: Item, include: readonly Includable[] = []): Item {
  const shown = (name: Includable) => include.includes(name);
  switch (item.type) {
    case "message":
      return messageWith(item, shown);
    case "file_search_call":
      return shown("file_search_call.results") ? item : { ...item, results: undefined };
    case "web_search_call":
      if (item.action.type !== "search" || shown("web_search_call.action.sources")) return item;
      return { ...item, action: { ...item.action, sources: undefined } };
    case "computer_call_output":
      if (shown("computer_call_output.output.image_url")) return item;
      return { ...item, output: { ...item.output, image_url: undefined } };
    case "code_interpreter_call":
      return shown("code_interpreter_call.outputs") ? item : { ...item, outputs: null };
    case "reasoning":
      return shown("reasoning.encrypted_content") ? item : { ...item, encrypted_content: undefined };
    default:
      return item;
  }
}

function messageWith(item: MessageItem, shown: (name: Includable) => boolean): MessageItem {
  const content = item.content.map((part) => {
    if (part.type === "input_image" && !shown("message.input_image.image_url"))
      return { ...part, image_url: undefined };
    if (part.type === "output_text" && !shown("message.output_text.logprobs")) return { ...part, logprobs: [] };
    return part;
  });
  return { ...item, content };
}
