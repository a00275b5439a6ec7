import { engineFailed } from "../errors/catalogue.ts";
import { iterateUntilAborted, untilAborted } from "../http/abort.ts";
import type { EngineAnswer, EngineContext } from "./engine.ts";

interface Finishing {
  finish_reason?: unknown;
}

/** Something done to every piece of a choice in turn: cutting, checking. */
export interface Stage<Piece> {
  push(piece: Piece): Piece;
  /** True once the choice is complete whatever the engine still says; the engine is stopped then. */
  ended?: boolean;
}

interface PieceSource<Whole, Chunk, Piece> {
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
): AsyncGenerator<Piece> {
  const answer = await untilAborted(Promise.resolve(ask()), signal);
  if (!(Symbol.asyncIterator in answer)) {
    yield through(stages, ofWhole(answer));
    return;
  }
  let finished = false;
  for await (const chunk of iterateUntilAborted(answer, signal)) {
    const piece = through(stages, ofChunk(chunk));
    if (piece.finish_reason) finished = true;
    yield piece;
    if (stages.some((stage) => stage.ended)) return;
  }
  if (!finished) throw engineFailed("The model's answer ended without a finish_reason.");
}

function through<Piece>(stages: readonly Stage<Piece>[], piece: Piece): Piece {
  let out = piece;
  for (const stage of stages) out = stage.push(out);
  return out;
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
