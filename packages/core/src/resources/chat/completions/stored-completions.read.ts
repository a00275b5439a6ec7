import { type CompletionIdentity, startAssembly } from "../../../chat/assemble-completion.ts";
import type { AnswerPiece } from "../../../chat/chat-pieces.ts";
import { checkDelta, checkMessage } from "../../../chat/check-answer.ts";
import { parsed } from "../../../engine/forwarded-reply.ts";
import { type EventsReader, RepeatedEvents } from "../../../engine/repeated-events.ts";
import { engineFailed } from "../../../errors/catalogue.ts";
import { concatBytes } from "../../../http/bytes.ts";
import type { ChatCompletionRequest } from "./chat-completions.schema.ts";
import type { ChatChoice, ChatCompletion, ChatCompletionChunk } from "./chat-completions.types.ts";

/** Choices of one answer. Their index is a position in a list, which a wrong one would make gigantic. */
const MAX_CHOICES = 128;
/** Events are read some at a time: one by one costs more, and all of a stream are many times its text. */
const READ_AT_ONCE = 65_536;

/**
 * What is kept of an upstream's whole answer: what a stored completion must have is there, whatever the upstream left out. Where it left
 * out nothing, that is the answer itself.
 */
export function completionFrom(answer: ChatCompletion, identity: CompletionIdentity): ChatCompletion {
  if (!Array.isArray(answer.choices)) throw engineFailed("The upstream answered without a list of choices.");
  for (const choice of answer.choices) checkMessage(choice?.message);
  const created = createdOf(answer);
  if (created !== undefined && answer.object === "chat.completion" && answer.choices.every(isComplete)) return answer;
  const choices = answer.choices.map((choice) => {
    const message = { ...choice.message, refusal: choice.message.refusal ?? null };
    return { ...choice, logprobs: choice.logprobs ?? null, message };
  });
  return { ...answer, object: "chat.completion", created: created ?? identity.created, choices };
}

function isComplete({ logprobs, message }: ChatChoice): boolean {
  return logprobs !== undefined && message.refusal !== undefined;
}

/** Puts an upstream's events together. */
export interface EventGathering {
  add(events: Uint8Array): void;
  /** To be asked for once, after the last event. */
  completion(): ChatCompletion;
}

export function gatherEvents(request: ChatCompletionRequest, identity: CompletionIdentity): EventGathering {
  const assembly = startAssembly(request, identity);
  const repeated = new RepeatedEvents();
  let waiting: Uint8Array[] = [];
  let size = 0;
  let created: number | undefined;

  const reader: EventsReader = {
    alike(chunk, content) {
      take(chunk as ChatCompletionChunk, (piece) => ({ ...piece, delta: { ...piece.delta, content } }));
    },
    others(events) {
      for (const chunk of chunksIn(events)) take(chunk);
    },
  };

  function take(chunk: ChatCompletionChunk, change = (piece: AnswerPiece) => piece): void {
    created ??= createdOf(chunk);
    assembly.add(piecesOf(chunk).map(change));
  }

  function read(): void {
    repeated.read(concatBytes(waiting), reader);
    waiting = [];
    size = 0;
  }

  return {
    add(events) {
      waiting.push(events);
      size += events.length;
      if (size >= READ_AT_ONCE) read();
    },
    completion() {
      read();
      const completion = assembly.completion();
      return { ...completion, created: created ?? completion.created };
    },
  };
}

function createdOf({ created }: { created?: number }): number | undefined {
  return Number.isSafeInteger(created) ? created : undefined;
}

/** Whole events, read as one list. */
function chunksIn(events: string): ChatCompletionChunk[] {
  const list: string[] = [];
  for (const line of events.split("\n")) {
    if (!line.startsWith("data:")) continue;
    const data = line.slice(5).trim();
    if (data !== "" && data !== "[DONE]") list.push(data);
  }
  return parsed<ChatCompletionChunk[]>(`[${list.join(",")}]`);
}

function piecesOf(chunk: ChatCompletionChunk): AnswerPiece[] {
  const { choices, usage, model, system_fingerprint } = chunk;
  const pieces: AnswerPiece[] = [];
  for (const choice of choices ?? []) {
    const { index, delta, logprobs, finish_reason } = choice;
    if (!Number.isInteger(index) || index < 0 || index >= MAX_CHOICES) {
      throw engineFailed("The upstream told of a choice that it was not asked for.");
    }
    checkDelta(delta);
    pieces.push({ index, delta, logprobs, finish_reason, model, system_fingerprint });
  }
  if (usage) pieces.push({ index: 0, usage, final: true });
  return pieces;
}
