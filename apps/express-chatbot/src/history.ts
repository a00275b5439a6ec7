import type OpenAI from "openai";
import type { ConversationItem } from "openai/resources/conversations/items";
import type { Limits } from "./limits.ts";

/** A message as the page shows it. */
export interface Message {
  role: "user" | "assistant";
  content: string;
  /** This answer has ended before its end. */
  stopped?: boolean;
}

/** All that is kept of a conversation, oldest first. @throws NotFoundError when there is no such conversation */
export async function readItems(client: OpenAI, conversation: string): Promise<ConversationItem[]> {
  const items: ConversationItem[] = [];
  for await (const item of client.conversations.items.list(conversation, { order: "asc", limit: 100 }))
    items.push(item);
  return items;
}

/** The items as messages. A question that no answer follows was stopped before the answer's first word. */
export function messagesOf(items: readonly ConversationItem[]): Message[] {
  const messages: Message[] = [];
  const unanswered = () => messages.at(-1)?.role === "user";
  const silence: Message = { role: "assistant", content: "", stopped: true };
  for (const item of items) {
    if (item.type !== "message") continue;
    if (item.role === "user") {
      if (unanswered()) messages.push(silence);
      messages.push({ role: "user", content: textOf(item) });
    } else if (item.role === "assistant") {
      messages.push({
        role: "assistant",
        content: textOf(item),
        ...(item.status === "incomplete" && { stopped: true }),
      });
    }
  }
  if (unanswered()) messages.push(silence);
  return messages;
}

/** Deletes the oldest turns until the conversation fits; the newest turn always stays. */
export async function forgetOldest(client: OpenAI, conversation: string, limits: Limits): Promise<void> {
  for (const id of surplus(await readItems(client, conversation), limits)) {
    await client.conversations.items.delete(id, { conversation_id: conversation });
  }
}

function surplus(items: readonly ConversationItem[], limits: Limits): string[] {
  let first = 0;
  let bytes = items.reduce((sum, item) => sum + bytesOf(item), 0);
  while (items.length - first > limits.maxMessages || bytes > limits.maxConversationBytes) {
    const nextTurn = items.findIndex((item, index) => index > first && item.type === "message" && item.role === "user");
    if (nextTurn < 0) break;
    for (const item of items.slice(first, nextTurn)) bytes -= bytesOf(item);
    first = nextTurn;
  }
  return items.slice(0, first).flatMap(({ id }) => id ?? []);
}

function bytesOf(item: ConversationItem): number {
  return item.type === "message" ? Buffer.byteLength(textOf(item)) : 0;
}

function textOf({ content }: Extract<ConversationItem, { type: "message" }>): string {
  return content.map((part) => ("text" in part ? part.text : part.type === "refusal" ? part.refusal : "")).join("");
}
