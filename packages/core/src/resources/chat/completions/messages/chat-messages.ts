import type { ChatMessage } from "../chat-completions.schema.ts";
import type { StoredChatMessage } from "./chat-messages.types.ts";

/** A request's messages as they are kept: without those of their parts that are not shown, which are large. */
export function keptMessages(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  return messages.map((message) =>
    Array.isArray(message.content)
      ? ({ ...message, content: (message.content as ContentPart[]).filter(isShown) } as ChatMessage)
      : message,
  );
}

/** Kept messages as they are shown: each with an id, of the completion's and its place. */
export function storedMessages(completionId: string, messages: readonly ChatMessage[]): StoredChatMessage[] {
  return messages.map((message, index) => {
    const { content = null } = message;
    const stored: StoredChatMessage = {
      id: `${completionId}-${index}`,
      role: message.role,
      content: typeof content === "string" ? content : null,
      content_parts: typeof content === "string" || content === null ? null : content.filter(isShown),
      name: "name" in message ? (message.name ?? null) : null,
      refusal: "refusal" in message ? (message.refusal ?? null) : null,
    };
    if (message.role === "tool") stored.tool_call_id = message.tool_call_id;
    if (message.role === "assistant") {
      if (message.tool_calls) stored.tool_calls = message.tool_calls;
      if (message.function_call) stored.function_call = message.function_call;
    }
    return stored;
  });
}

type ContentPart = Extract<ChatMessage["content"], unknown[]>[number];

function isShown(part: ContentPart): part is Extract<ContentPart, { type: "text" | "image_url" }> {
  return part.type === "text" || part.type === "image_url";
}
