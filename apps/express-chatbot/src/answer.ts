import type OpenAI from "openai";
import { type Conversation, type Limits, type Message, trim } from "./conversations.ts";

export interface Bot {
  /** The official SDK, pointed at the outlet. */
  client: OpenAI;
  /** Model id that the outlet knows. */
  model: string;
  /** System message in front of every conversation. */
  instructions: string;
  limits: Limits;
}

/**
 * Asks the model, yields the answer's text as it comes, and remembers both sides. `stop` ends it early: what was said until
 * then is kept. A turn that fails leaves no trace, so that asking again is the same request again.
 *
 * @throws what the SDK throws, except for a stop.
 */
export async function* ask(
  bot: Bot,
  conversation: Conversation,
  question: string,
  stop: AbortController,
): AsyncGenerator<string> {
  // One answer at a time: a new question, also from another tab, ends the answer before it.
  conversation.answering?.abort();
  conversation.answering = stop;

  const turn: [question: Message, answer: Message] = [
    { role: "user", content: question },
    { role: "assistant", content: "" },
  ];
  const answer = turn[1];
  conversation.messages.push(...turn);
  trim(conversation, bot.limits);
  try {
    const chunks = await bot.client.chat.completions.create(
      { model: bot.model, messages: prompt(bot, conversation), stream: true },
      { signal: stop.signal },
    );
    for await (const chunk of chunks) {
      const text = chunk.choices[0]?.delta.content;
      if (!text) continue;
      answer.content += text;
      yield text;
      if (Buffer.byteLength(answer.content) >= bot.limits.maxAnswerBytes) break;
    }
  } catch (error) {
    if (stop.signal.aborted) return;
    forget(conversation, turn);
    throw error;
  } finally {
    if (stop.signal.aborted) answer.stopped = true;
    if (conversation.answering === stop) conversation.answering = null;
    trim(conversation, bot.limits);
  }
}

/** The conversation as the model gets it: an answer that was stopped before its first word is left out. */
function prompt({ instructions }: Bot, { messages }: Conversation) {
  const said = messages.filter(({ content }) => content !== "").map(({ role, content }) => ({ role, content }));
  return [{ role: "system" as const, content: instructions }, ...said];
}

function forget({ messages }: Conversation, turn: readonly Message[]): void {
  messages.splice(0, messages.length, ...messages.filter((message) => !turn.includes(message)));
}
