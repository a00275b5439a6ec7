import { type CompletionIdentity, startAssembly } from "../../../chat/assemble-completion.ts";
import type { AnswerPiece } from "../../../chat/chat-pieces.ts";
import { checkDelta, checkMessage } from "../../../chat/check-answer.ts";
import { parsed } from "../../../engine/forwarded-reply.ts";
import { type Repeated, RepeatedEvents } from "../../../engine/repeated-events.ts";
import { engineFailed } from "../../../errors/catalogue.ts";
import { concatBytes } from "../../../http/bytes.ts";
import type { ChatCompletionRequest } from "./chat-completions.schema.ts";
import type { ChatChoice, ChatCompletion, ChatCompletionChunk } from "./chat-completions.types.ts";

/** Choices of one answer. Their index is a position in a list, which a wrong one would make gigantic. */
const MAX_CHOICES = 128;
/** Events are read some at a time: one by one costs more, and all of a stream are many times its text. */
const READ_AT_ONCE = 65_536;
const utf8 = new TextDecoder();

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
  /** What events that differ in their text alone have said, since the last that was not like them. */
  let said = "";
  let alike: Repeated["chunk"] | null = null;

  function take(chunk: ChatCompletionChunk, pieces: readonly AnswerPiece[]): void {
    created ??= createdOf(chunk);
    assembly.add(pieces);
  }

  /** Takes what has waited. Only one of the two has. */
  function read(): void {
    if (alike) {
      const chunk = alike as ChatCompletionChunk;
      const content = said;
      take(
        chunk,
        piecesOf(chunk).map((piece) => ({ ...piece, delta: { ...piece.delta, content } })),
      );
      alike = null;
      said = "";
    }
    if (size === 0) return;
    const chunks = chunksIn(utf8.decode(concatBytes(waiting)));
    waiting = [];
    size = 0;
    for (const chunk of chunks) take(chunk, piecesOf(chunk));
  }

  return {
    add(events) {
      const found = repeated.find(events);
      if (found ? found.chunk !== alike : alike) read();
      if (found) {
        alike = found.chunk;
        said += found.content;
        return;
      }
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
