import type { EngineAnswer, EngineContext } from "../../engine/engine.ts";
import { firstChoice, piecesOf } from "../../engine/pieces.ts";
import { TextCutter, type TextCutterOptions } from "../../engine/text-cutter.ts";
import type { CompletionUsage } from "../../ledger/usage.ts";
import type { Completion, CompletionChunk, CompletionFinishReason, CompletionLogprobs } from "./completions.types.ts";

/** A piece of one choice; the common form of whole and streamed engine answers. */
export interface CompletionPiece {
  text: string;
  logprobs?: CompletionLogprobs | null;
  finish_reason?: CompletionFinishReason | null;
  usage?: CompletionUsage | null | undefined;
  /** The model that the engine says answered. */
  model?: string;
}

export function completionPieces(
  ask: () => EngineAnswer<Completion, CompletionChunk>,
  context: EngineContext,
): AsyncGenerator<CompletionPiece> {
  const ofWhole = (whole: Completion) => ({ ...firstChoice(whole.choices), usage: whole.usage, model: whole.model });
  const ofChunk = ({ choices: [choice], usage, model }: CompletionChunk) =>
    choice ? { ...choice, usage, model } : { text: "", usage, model };
  return piecesOf<Completion, CompletionChunk, CompletionPiece>(ask, ofWhole, ofChunk, context);
}

/** Cuts one choice's text at a stop sequence or a token limit, and stops the engine there. */
export async function* cutCompletion(
  pieces: AsyncIterable<CompletionPiece>,
  options: TextCutterOptions,
): AsyncGenerator<CompletionPiece> {
  const cutter = new TextCutter(options);
  for await (const piece of pieces) {
    const text = cutter.push(piece.text) + (piece.finish_reason ? cutter.flush() : "");
    if (cutter.finish) {
      yield { ...piece, text, finish_reason: cutter.finish };
      return;
    }
    yield { ...piece, text };
  }
}

/** The same pieces, each shown to `see` as it passes. */
export async function* passing(
  pieces: AsyncIterable<CompletionPiece>,
  see: (piece: CompletionPiece) => void,
): AsyncGenerator<CompletionPiece> {
  for await (const piece of pieces) {
    see(piece);
    yield piece;
  }
}

/** `echo`: the prompt in front of the completion. */
export async function* withEcho(
  prompt: string,
  pieces: AsyncIterable<CompletionPiece>,
): AsyncGenerator<CompletionPiece> {
  let first = true;
  for await (const piece of pieces) {
    yield first ? { ...piece, text: prompt + piece.text } : piece;
    first = false;
  }
}
