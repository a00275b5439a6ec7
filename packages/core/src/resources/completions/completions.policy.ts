import { type Guard, heldBack } from "../../engine/held-back.ts";
import type { Batch } from "../../engine/pieces.ts";
import type { OutputRule } from "../../policy/output-rule.ts";
import type { CompletionPiece } from "./completions.choice.ts";

/** A choice of which nothing is sent before it has passed. */
export function heldText(
  choice: AsyncIterable<Batch<CompletionPiece>>,
  guard: Guard | undefined,
): AsyncIterable<Batch<CompletionPiece>> {
  return guard ? heldBack(choice, guard, { said: ({ text }) => text, blocked: withheld }) : choice;
}

/** The same for a choice that is there whole. */
export async function passedText(piece: CompletionPiece, guard: Guard | undefined): Promise<CompletionPiece> {
  return !guard || piece.text === "" || (await guard.passes(piece.text)) ? piece : withheld(piece);
}

/** The choices as they come; they are over when they have been judged. */
export async function* judgedAtEnd(
  batches: AsyncIterable<Batch<CompletionPiece>>,
  { end }: OutputRule,
): AsyncGenerator<Batch<CompletionPiece>> {
  const said: string[] = [];
  for await (const batch of batches) {
    for (const { index, text } of batch) said[index] = (said[index] ?? "") + text;
    yield batch;
  }
  await end(said);
}

function withheld({ index }: CompletionPiece): CompletionPiece {
  return { index, text: "", finish_reason: "content_filter" };
}
