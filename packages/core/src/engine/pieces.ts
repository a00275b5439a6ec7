import { engineFailed } from "../errors/catalogue.ts";
import { iterateUntilAborted, untilAborted } from "../http/abort.ts";
import type { EngineAnswer, EngineContext } from "./engine.ts";

interface Finishing {
  finish_reason?: unknown;
}

/**
 * One choice's pieces, whether the engine answers whole or in chunks. Ends with the client at the latest; an answer that
 * stops without saying why it finished is a failure.
 */
export async function* piecesOf<Whole extends object, Chunk, Piece extends Finishing>(
  ask: () => EngineAnswer<Whole, Chunk>,
  ofWhole: (whole: Whole) => Piece,
  ofChunk: (chunk: Chunk) => Piece,
  { signal }: EngineContext,
): AsyncGenerator<Piece> {
  const answer = await untilAborted(Promise.resolve(ask()), signal);
  if (!(Symbol.asyncIterator in answer)) {
    yield ofWhole(answer);
    return;
  }
  let finished = false;
  for await (const chunk of iterateUntilAborted(answer, signal)) {
    const piece = ofChunk(chunk);
    finished ||= Boolean(piece.finish_reason);
    yield piece;
  }
  if (!finished) throw engineFailed("The model's answer ended without a finish_reason.");
}

export function firstChoice<Choice>(choices: readonly Choice[]): Choice {
  const choice = choices[0];
  if (!choice) throw engineFailed("The model answered without a choice.");
  return choice;
}
