import type { CompletionPiece } from "./completions.choice.ts";
import type { CompletionLogprobs } from "./completions.types.ts";

/**
 * `best_of`: lets every candidate finish and gives the `n` with the highest log probability per token, best first, each as
 * one piece. https://platform.openai.com/docs/api-reference/completions/create#completions-create-best_of
 */
export async function bestCandidates(
  candidates: readonly AsyncIterable<CompletionPiece>[],
  n: number,
  keepLogprobs: boolean,
): Promise<CompletionPiece[]> {
  const whole = await Promise.all(candidates.map(collect));
  const ranked = whole.toSorted((a, b) => meanLogprob(b) - meanLogprob(a)).slice(0, n);
  return keepLogprobs ? ranked : ranked.map((piece) => ({ ...piece, logprobs: null }));
}

async function collect(pieces: AsyncIterable<CompletionPiece>): Promise<CompletionPiece> {
  const whole: CompletionPiece = { index: 0, text: "" };
  for await (const { text, logprobs, ...rest } of pieces) {
    whole.text += text;
    if (logprobs) whole.logprobs = joinLogprobs(whole.logprobs, logprobs);
    Object.assign(whole, Object.fromEntries(Object.entries(rest).filter(([, value]) => value != null)));
  }
  return whole;
}

export function joinLogprobs(a: CompletionLogprobs | null | undefined, b: CompletionLogprobs): CompletionLogprobs {
  return {
    tokens: [...(a?.tokens ?? []), ...(b.tokens ?? [])],
    token_logprobs: [...(a?.token_logprobs ?? []), ...(b.token_logprobs ?? [])],
    top_logprobs: [...(a?.top_logprobs ?? []), ...(b.top_logprobs ?? [])],
    text_offset: [...(a?.text_offset ?? []), ...(b.text_offset ?? [])],
  };
}

function meanLogprob({ logprobs }: CompletionPiece): number {
  const values = logprobs?.token_logprobs ?? [];
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : Number.NEGATIVE_INFINITY;
}
