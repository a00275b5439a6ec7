import type { CompletionUsage } from "@outlet/core";

/** What an answer consumed, with the counts that a script puts in place of the true ones. */
export function usageOf(
  promptTokens: number,
  completionTokens: number,
  reasoning: number,
  scripted: Partial<CompletionUsage> = {},
): CompletionUsage {
  const prompt_tokens = scripted.prompt_tokens ?? promptTokens;
  const completion_tokens = scripted.completion_tokens ?? completionTokens;
  return {
    prompt_tokens,
    completion_tokens,
    total_tokens: prompt_tokens + completion_tokens,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0, ...scripted.prompt_tokens_details },
    completion_tokens_details: {
      reasoning_tokens: reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
      ...scripted.completion_tokens_details,
    },
  };
}
