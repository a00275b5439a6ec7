import type { Batch } from "../../engine/pieces.ts";
import type { CompletionPiece } from "./completions.choice.ts";
import type { CompletionLogprobs } from "./completions.types.ts";

/**
 * `best_of`: lets every candidate finish and gives the `n` with the highest log probability per token, best first, each as
 * one piece. https://platform.openai.com/docs/api-reference/completions/create#completions-create-best_of
 */
export async function bestCandidates(
  candidates: readonly AsyncIterable<Batch<CompletionPiece>>[],
  n: number,
  keepLogprobs: boolean,
): Promise<CompletionPiece[]> {
  const whole = await Promise.all(candidates.map(collect));
  const ranked = whole.toSorted((a, b) => meanLogprob(b) - meanLogprob(a)).slice(0, n);
  return keepLogprobs ? ranked : ranked.map((piece) => ({ ...piece, logprobs: null }));
}

async function collect(batches: AsyncIterable<Batch<CompletionPiece>>): Promise<CompletionPiece> {
  const whole: CompletionPiece = { index: 0, text: "" };
  for await (const batch of batches) {
    for (const { text, logprobs, ...rest } of batch) {
      whole.text += text;
      if (logprobs) whole.logprobs = joinLogprobs(whole.logprobs, logprobs);
      Object.assign(whole, Object.fromEntries(Object.entries(rest).filter(([, value]) => value != null)));
    }
  }
  return whole;
}

/** Adds `more` to what `joinLogprobs` made before: copying it for every piece would take quadratic time. */
export function joinLogprobs(
  made: CompletionLogprobs | null | undefined,
  more: CompletionLogprobs,
): CompletionLogprobs {
  const whole = {
    tokens: made?.tokens ?? [],
    token_logprobs: made?.token_logprobs ?? [],
    top_logprobs: made?.top_logprobs ?? [],
    text_offset: made?.text_offset ?? [],
  };
  for (const token of more.tokens ?? []) whole.tokens.push(token);
  for (const logprob of more.token_logprobs ?? []) whole.token_logprobs.push(logprob);
  for (const top of more.top_logprobs ?? []) whole.top_logprobs.push(top);
  for (const offset of more.text_offset ?? []) whole.text_offset.push(offset);
  return whole;
}

function meanLogprob({ logprobs }: CompletionPiece): number {
  const values = logprobs?.token_logprobs ?? [];
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : Number.NEGATIVE_INFINITY;
}
