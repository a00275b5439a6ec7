import type { ChatMessage } from "@outlet/core";
import { textOf } from "../script/request-view.ts";

const QUESTION =
  /\b(?:what(?:'s| is| was)|do you (?:know|remember)|tell me|remind me(?: of)?)\s+my\s+([\p{L}][\p{L} ]{0,40}?)\s*[?.!]*$/iu;
const WHO_AM_I = /\bwho am i\b/i;
const CALLED = /\b(?:i am called|i'm called|call me|my name is|my name's|i am|i'm)\s+(\p{Lu}[\p{L}'-]*)/u;
const FACT = /\bmy\s+([\p{L}][\p{L} ]{0,40}?)\s+(?:is|are|was)\s+([^.,;!?\n]{1,60})/giu;

/** Answers a question after something the user said of themselves earlier in the conversation; `null` if it is none. */
export function remembered(messages: readonly ChatMessage[], question: string): string | null {
  const asked = QUESTION.exec(question)?.[1]?.toLowerCase() ?? (WHO_AM_I.test(question) ? "name" : null);
  if (!asked) return null;
  const said = messages.filter(({ role }) => role === "user").map(textOf);
  for (const text of said.slice(0, -1).toReversed()) {
    for (const [, thing, value] of text.matchAll(FACT)) {
      if (thing?.toLowerCase() === asked)
        return `Your ${asked} is ${value?.trim()}. You told me earlier in this conversation.`;
    }
    const name = asked === "name" ? CALLED.exec(text)?.[1] : undefined;
    if (name) return `Your name is ${name}. You told me earlier in this conversation.`;
  }
  return `You have not told me your ${asked} yet, so I do not know it. Tell me, and I will remember it in this conversation.`;
}

/** What a message tells of its writer: "Nice to meet you, Ada." */
export function acknowledged(text: string): string | null {
  const [, thing, value] = [...text.matchAll(FACT)][0] ?? [];
  if (thing && value) {
    return thing.toLowerCase() === "name"
      ? `Nice to meet you, ${value.trim()}.`
      : `Noted: your ${thing.toLowerCase()} is ${value.trim()}.`;
  }
  const name = /\b(?:i am called|i'm called|call me)\s+(\p{Lu}[\p{L}'-]*)/u.exec(text)?.[1];
  return name ? `Nice to meet you, ${name}.` : null;
}
