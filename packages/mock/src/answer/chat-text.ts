import type { ChatCompletionRequest, ChatMessage } from "@outlet/core";
import { hash } from "../hash.ts";
import type { RequestView } from "../script/request-view.ts";
import { bulletList, paragraph } from "./paragraph.ts";
import { acknowledged, remembered } from "./remembered.ts";
import { smallTalk } from "./small-talk.ts";
import { toolAnswer } from "./tool-answer.ts";

const SENTENCES = { low: 2, medium: 4, high: 6 };
/** A message of this length that tells something of its writer tells nothing else. */
const SHORT = 80;
const FIRST_CONTACT = "(I am a mock model, so take this as an example of an answer, not as advice.)";

/**
 * The text a mock answers a conversation with: about the user's last message, the same for the same request.
 * @param variation sets the choices of one request apart; 0 for the first
 */
export function chatText(view: RequestView, request: ChatCompletionRequest, variation: number): string {
  const { user } = view;
  if (view.toolResults.length > 0) return toolAnswer(view.toolResults);
  const seen = attachments(request.messages);
  const known = remembered(request.messages, user) ?? smallTalk(user);
  if (known) return join(seen, known);
  const seed = hash(user, (request.seed ?? 0) + variation * 7919 + request.messages.length);
  const told = acknowledged(user);
  if (told && user.length <= SHORT) return join(seen, told, "What can I do for you?");
  const listed = /\b(?:list|steps|ideas|bullet|tips|ways)\b/i.test(user);
  const text = listed ? bulletList(user, seed, 4) : paragraph(user, seed, SENTENCES[request.verbosity ?? "medium"]);
  const first = view.turn === 0 && !request.messages.some(({ role }) => role === "assistant");
  return join(seen, told, user.trim() === "" && seen ? null : text, first ? FIRST_CONTACT : null);
}

function join(...parts: (string | null)[]): string {
  return parts.filter((part) => part !== null).join(" ");
}

const NAMES = { image_url: "image", input_audio: "audio clip", file: "file" } as const;

/** Says what the last user message carries besides text; a mock cannot look inside. */
function attachments(messages: readonly ChatMessage[]): string | null {
  const last = messages.findLast(({ role }) => role === "user");
  if (last?.role !== "user" || typeof last.content === "string") return null;
  const counts = new Map<string, number>();
  for (const part of last.content) {
    if (part.type === "text") continue;
    const name = NAMES[part.type];
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  if (counts.size === 0) return null;
  const list = [...counts].map(([name, count]) => (count === 1 ? `one ${name}` : `${count} ${name}s`));
  return `I received ${list.join(" and ")}, which a mock cannot look into.`;
}
