import type { EngineAnswer, EngineContext } from "../../engine/engine.ts";
import { type Batch, choiceIn, firstChoice, piecesOf, type Stage } from "../../engine/pieces.ts";
import { TextCutter, type TextCutterOptions } from "../../engine/text-cutter.ts";
import { engineFailed } from "../../errors/catalogue.ts";
import type { CompletionUsage } from "../../ledger/usage.ts";
import type { Completion, CompletionChunk, CompletionFinishReason, CompletionLogprobs } from "./completions.types.ts";

/** A piece of the choice `index`; the common form of whole and streamed engine answers. */
export interface CompletionPiece {
  index: number;
  text: string;
  logprobs?: CompletionLogprobs | null | undefined;
  finish_reason?: CompletionFinishReason | null | undefined;
  usage?: CompletionUsage | null | undefined;
  /** The model that the engine says answered. */
  model?: string | undefined;
}

export function completionPieces(
  index: number,
  ask: () => EngineAnswer<Completion, CompletionChunk>,
  stages: readonly Stage<CompletionPiece>[],
  context: EngineContext,
): AsyncGenerator<Batch<CompletionPiece>> {
  const ofWhole = ({ choices, usage, model }: Completion) => textual({ ...firstChoice(choices), index, usage, model });
  const ofChunk = ({ choices, usage, model }: CompletionChunk) =>
    textual({ text: "", ...choiceIn(choices), index, usage, model });
  return piecesOf<Completion, CompletionChunk, CompletionPiece>({ ask, stages, ofWhole, ofChunk }, context);
}

function textual(piece: CompletionPiece): CompletionPiece {
  if (typeof piece.text !== "string") throw engineFailed("The model's answer has a text that is none.");
  return piece;
}

/** Cuts one choice's text at a stop sequence or a token limit. */
export function cutting(options: TextCutterOptions): Stage<CompletionPiece> {
  const cutter = new TextCutter(options);
  const stage: Stage<CompletionPiece> = {
    push(piece) {
      const text = cutter.push(piece.text) + (piece.finish_reason ? cutter.flush() : "");
      stage.ended = cutter.finish !== null;
      return { ...piece, text, finish_reason: cutter.finish ?? piece.finish_reason };
    },
  };
  return stage;
}

/** Shows every piece to `see` as it passes. */
export function showing(see: (piece: CompletionPiece) => void): Stage<CompletionPiece> {
  return {
    push(piece) {
      see(piece);
      return piece;
    },
  };
}

/** `echo`: the prompt in front of the completion. */
export function echoing(prompt: string): Stage<CompletionPiece> {
  let unsaid = prompt;
  return {
    push(piece) {
      const text = unsaid + piece.text;
      unsaid = "";
      return { ...piece, text };
    },
  };
}
