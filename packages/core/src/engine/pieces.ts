import { type Awaitable, isPromise } from "../awaitable.ts";
import { engineFailed, requestAborted } from "../errors/catalogue.ts";
import { iterateUntilAborted, untilAborted } from "../http/abort.ts";
import type { EngineAnswer, EngineContext } from "./engine.ts";

interface Finishing {
  finish_reason?: unknown;
}

/**
 * What travels from an engine to the reply: pieces that were there at the same time, one or many. Whatever is awaited is
 * awaited once a batch, so an answer that is there at once costs no promise a token.
 */
export type Batch<Piece> = readonly Piece[];

/** Pieces in a batch at most: a reader who is slow, or has left, is looked after between batches. */
const MAX_BATCH = 64;

/** Something done to every piece of a choice in turn: cutting, checking. */
export interface Stage<Piece> {
  push(piece: Piece): Piece;
  /** True once the choice is complete whatever the engine still says; the engine is stopped then. */
  ended?: boolean;
}

/** A choice to be asked for, and what is made of its answer. */
export interface PieceSource<Whole, Chunk, Piece> {
  ask: () => EngineAnswer<Whole, Chunk>;
  ofWhole: (whole: Whole) => Piece;
  ofChunk: (chunk: Chunk) => Piece;
  stages: readonly Stage<Piece>[];
}

/**
 * One choice's pieces, whether the engine answers whole or in chunks. Ends with the client at the latest; an answer that
 * stops without saying why it finished is a failure.
 */
export async function* piecesOf<Whole extends object, Chunk, Piece extends Finishing>(
  { ask, ofWhole, ofChunk, stages }: PieceSource<Whole, Chunk, Piece>,
  { signal }: EngineContext,
): AsyncGenerator<Batch<Piece>> {
  const answer = await answerTo(ask, signal);
  let finished = false;
  let ended = false;
  const pieceOf = (chunk: Chunk): Piece => {
    const piece = through(stages, ofChunk(chunk));
    if (piece.finish_reason) finished = true;
    ended = stages.length > 0 && stages.some((stage) => stage.ended);
    return piece;
  };

  if (isList(answer)) {
    for (let at = 0; at < answer.length && !ended; ) {
      const batch: Piece[] = [];
      try {
        while (at < answer.length && batch.length < MAX_BATCH && !ended) batch.push(pieceOf(answer[at++] as Chunk));
      } catch (error) {
        // What came before the failure was said.
        if (batch.length > 0) yield batch;
        throw error;
      }
      yield batch;
    }
  } else if (Symbol.asyncIterator in answer) {
    for await (const chunk of iterateUntilAborted(answer, signal)) {
      yield [pieceOf(chunk)];
      if (ended) return;
    }
  } else {
    yield [through(stages, ofWhole(answer))];
    return;
  }
  if (!finished && !ended) throw engineFailed("The model's answer ended without a finish_reason.");
}

/** The same for a reader that only waits for the end: an answer that is whole, and there at once, is not waited for. */
export function eachBatch<Whole extends object, Chunk, Piece extends Finishing>(
  source: PieceSource<Whole, Chunk, Piece>,
  context: EngineContext,
  take: (batch: Batch<Piece>) => void,
): Awaitable<void> {
  const read = (answer: Whole | AsyncIterable<Chunk> | readonly Chunk[]): Awaitable<void> => {
    if (isWhole(answer)) take([through(source.stages, source.ofWhole(answer))]);
    else return takeAll(piecesOf({ ...source, ask: () => answer }, context), take);
  };
  const answer = answerTo(source.ask, context.signal);
  return isPromise(answer) ? answer.then(read) : read(answer);
}

async function takeAll<Piece>(
  batches: AsyncIterable<Batch<Piece>>,
  take: (batch: Batch<Piece>) => void,
): Promise<void> {
  for await (const batch of batches) take(batch);
}

function answerTo<Answer>(ask: () => Awaitable<Answer>, signal: AbortSignal): Awaitable<Answer> {
  const asked = ask();
  if (isPromise(asked)) return untilAborted(Promise.resolve(asked), signal).then((answer) => wanted(answer, signal));
  return wanted(asked, signal);
}

/** @throws ApiError where nobody waits for the answer any more */
function wanted<Answer>(answer: Answer, { aborted }: AbortSignal): Answer {
  if (aborted) throw requestAborted();
  return answer;
}

/** The same for pieces that have been made already. */
export async function* stagedBatches<Piece>(
  batches: AsyncIterable<Batch<Piece>>,
  stages: readonly Stage<Piece>[],
): AsyncGenerator<Batch<Piece>> {
  for await (const batch of batches) {
    const out: Piece[] = [];
    for (const piece of batch) {
      out.push(through(stages, piece));
      if (stages.some((stage) => stage.ended)) {
        yield out;
        return;
      }
    }
    yield out;
  }
}

function through<Piece>(stages: readonly Stage<Piece>[], piece: Piece): Piece {
  let out = piece;
  for (const stage of stages) out = stage.push(out);
  return out;
}

function isWhole<Whole extends object, Chunk>(
  answer: Whole | AsyncIterable<Chunk> | readonly Chunk[],
): answer is Whole {
  return !isList(answer) && !(Symbol.asyncIterator in answer);
}

function isList<Chunk>(answer: object): answer is readonly Chunk[] {
  return Array.isArray(answer);
}

export function firstChoice<Choice extends Finishing>(choices: readonly Choice[]): Choice {
  const choice = choiceIn(choices);
  if (!choice) throw engineFailed("The model answered without a choice.");
  return choice;
}

/** The choice of a chunk; none in one that only reports usage. */
export function choiceIn<Choice extends Finishing>(choices: readonly Choice[]): Choice | undefined {
  if (!Array.isArray(choices)) throw engineFailed("The model answered without a list of choices.");
  const choice = choices[0] as Choice | null | undefined;
  if (choice === undefined) return undefined;
  if (choice === null || typeof choice !== "object")
    throw engineFailed("The model answered with a choice that is none.");
  const { finish_reason } = choice;
  if (finish_reason != null && typeof finish_reason !== "string") {
    throw engineFailed("The model gave a finish_reason that is not a text.");
  }
  return choice;
}
