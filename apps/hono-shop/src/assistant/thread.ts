import OpenAI from "openai";
import type { ResponseInputItem } from "openai/resources/responses/responses";
import type { Turn } from "../session/sessions.ts";

/** The conversation as the API has it: each response follows on from the one before, which it names. */
export interface Thread {
  /** Ids of the responses, oldest first: the next one goes on from the last. */
  readonly responses: readonly string[];
  /** What was said and done since then, and goes with the next request. */
  readonly unsent: readonly ResponseInputItem[];
  /** Questions in it. */
  readonly turns: number;
}

export const NEW_THREAD: Thread = { responses: [], unsent: [], turns: 0 };

/**
 * A new thread that begins with what was said in these turns. A model is asked about the whole of a thread again and again,
 * so that it may not go on for ever.
 */
export function retold(turns: readonly Turn[]): Thread {
  const unsent = turns.flatMap(({ question, parts }): ResponseInputItem[] => {
    const answer = parts.map((part) => ("text" in part ? part.text : "")).join("\n\n");
    const asked = { role: "user" as const, content: question };
    return answer === "" ? [asked] : [asked, { role: "assistant", content: answer }];
  });
  return { ...NEW_THREAD, unsent, turns: turns.length };
}

/** Deletes the responses of a thread that nothing goes on from any more. */
export async function discard(client: OpenAI, responses: readonly string[]): Promise<void> {
  for (const id of responses) {
    await client.responses.delete(id).catch((error: unknown) => {
      // Gone is gone; what is left behind otherwise is only waste.
      if (!(error instanceof OpenAI.NotFoundError)) console.error("assistant: a response was not deleted:", id);
    });
  }
}
