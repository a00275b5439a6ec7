import type OpenAI from "openai";
import { forgetOldest, type Message, messagesOf, readItems } from "./history.ts";
import type { Limits } from "./limits.ts";

export interface Bot {
  /** The official SDK, pointed at the outlet. */
  client: OpenAI;
  /** Model id that the outlet knows. */
  model: string;
  /** In front of every conversation. */
  instructions: string;
  limits: Limits;
}

/** Conversations with the bot, by the ids that the API gave them. */
export interface Chat {
  /** What was said, also what is being said just now. @throws NotFoundError */
  messages(conversation: string): Promise<Message[]>;
  /**
   * Asks the model, yields the answer's text as it comes, and returns whether it came to its end. `stop` ends it early:
   * what was said until then is kept. A turn that fails leaves no trace, so that asking again is the same request again.
   *
   * @throws what the SDK throws, except for a stop.
   */
  ask(conversation: string, question: string, stop: AbortController): AsyncGenerator<string, boolean>;
  /** Deletes a conversation with all that was said. @throws NotFoundError */
  forget(conversation: string): Promise<void>;
}

/** A question that is being answered. */
interface Turn {
  readonly question: string;
  readonly stop: AbortController;
  /** Resolves when the conversation is as this turn leaves it. */
  readonly ended: Promise<void>;
  /** What has come of the answer, and the id that it will have in the conversation. */
  answer: string;
  answerId: string | null;
}

export function createChat(bot: Bot): Chat {
  const { client } = bot;
  const underWay = new Map<string, Turn>();
  return {
    async messages(conversation) {
      if (underWay.get(conversation)?.stop.signal.aborted) await underWay.get(conversation)?.ended;
      const turn = underWay.get(conversation);
      const items = await readItems(client, conversation);
      if (!turn || items.some(({ id }) => id === turn.answerId)) return messagesOf(items);
      const saying: Message[] = [
        { role: "user", content: turn.question },
        { role: "assistant", content: turn.answer },
      ];
      return [...messagesOf(items), ...saying];
    },
    async *ask(conversation, question, stop) {
      const before = underWay.get(conversation);
      const ending = Promise.withResolvers<void>();
      const turn: Turn = { question, stop, ended: ending.promise, answer: "", answerId: null };
      underWay.set(conversation, turn);
      try {
        // One answer at a time: a new question, also from another tab, ends the answer before it.
        before?.stop.abort();
        await before?.ended;
        return yield* answer(bot, conversation, turn);
      } finally {
        if (underWay.get(conversation) === turn) underWay.delete(conversation);
        ending.resolve();
      }
    },
    async forget(conversation) {
      const turn = underWay.get(conversation);
      turn?.stop.abort();
      await turn?.ended;
      await client.conversations.delete(conversation);
    },
  };
}

async function* answer(bot: Bot, conversation: string, turn: Turn): AsyncGenerator<string, boolean> {
  const { client, model, instructions, limits } = bot;
  const { signal } = turn.stop;
  let whole = true;
  try {
    // The API puts the question and the answer into the conversation when the answer is over, both or neither.
    const events = await client.responses.create(
      {
        model,
        conversation,
        instructions,
        input: turn.question,
        max_output_tokens: limits.maxAnswerTokens,
        // The conversation has it all: a copy of each response by its own id would be read by nobody.
        store: false,
        stream: true,
      },
      { signal },
    );
    for await (const event of events) {
      if (event.type === "response.output_item.added" && event.item.type === "message") turn.answerId = event.item.id;
      if (event.type === "response.incomplete") whole = false;
      if (event.type !== "response.output_text.delta" && event.type !== "response.refusal.delta") continue;
      turn.answer += event.delta;
      yield event.delta;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (signal.aborted) await keepStopped(client, conversation, turn);
  await forgetOldest(client, conversation, limits);
  return whole && !signal.aborted;
}

/**
 * An answer that was left is not in the conversation: the question and what the person has read of the answer are put there,
 * so that the model knows of it. Of an answer that was stopped before its first word, there is the question alone.
 */
async function keepStopped(client: OpenAI, conversation: string, turn: Turn): Promise<void> {
  const { question, answer: text, answerId: id } = turn;
  const items: OpenAI.Responses.ResponseInputItem[] = [{ type: "message", role: "user", content: question }];
  if (id !== null && text !== "") {
    const content = [{ type: "output_text" as const, text, annotations: [] }];
    items.push({ type: "message", id, role: "assistant", status: "incomplete", content });
  }
  try {
    await client.conversations.items.create(conversation, { items });
  } catch (error) {
    // Its last word came with the stop: under the answer's id, the conversation has all of it already.
    const kept = id !== null && (await readItems(client, conversation)).some((item) => item.id === id);
    if (!kept) throw error;
  }
}
