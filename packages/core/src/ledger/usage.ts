/** What one call consumed, in tokens. The meter's own shape, whatever the operation's. */
export interface MeteredUsage {
  input_tokens: number;
  /** Part of `input_tokens` that was served from a prompt cache. */
  cached_tokens: number;
  output_tokens: number;
  /** Part of `output_tokens` that was spent on reasoning. */
  reasoning_tokens: number;
  /** True when no engine reported the counts and core counted them itself. */
  estimated: boolean;
}

/** Token counts in the shape that Chat, Completions and Embeddings replies carry. */
export interface CompletionUsage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  prompt_tokens_details?: { cached_tokens?: number; audio_tokens?: number; cache_write_tokens?: number };
  completion_tokens_details?: {
    reasoning_tokens?: number;
    audio_tokens?: number;
    accepted_prediction_tokens?: number;
    rejected_prediction_tokens?: number;
  };
}

/** Reads a reply's `usage`, distrustfully: an upstream's missing or odd counts become 0. */
export function meterUsage(usage: unknown, estimated = false): MeteredUsage | undefined {
  if (typeof usage !== "object" || usage === null) return undefined;
  const u = usage as Partial<CompletionUsage>;
  return {
    input_tokens: tokenCount(u.prompt_tokens),
    cached_tokens: tokenCount(u.prompt_tokens_details?.cached_tokens),
    output_tokens: tokenCount(u.completion_tokens),
    reasoning_tokens: tokenCount(u.completion_tokens_details?.reasoning_tokens),
    estimated,
  };
}

export function addUsage(sum: MeteredUsage | null, more: MeteredUsage): MeteredUsage {
  if (!sum) return more;
  return {
    input_tokens: sum.input_tokens + more.input_tokens,
    cached_tokens: sum.cached_tokens + more.cached_tokens,
    output_tokens: sum.output_tokens + more.output_tokens,
    reasoning_tokens: sum.reasoning_tokens + more.reasoning_tokens,
    estimated: sum.estimated || more.estimated,
  };
}

/** True for counts that can be billed; an engine that reports others has reported none. */
export function isUsage(usage: CompletionUsage | null | undefined): usage is CompletionUsage {
  return isCount(usage?.prompt_tokens) && isCount(usage?.completion_tokens);
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

export function tokenCount(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? Math.trunc(value) : 0;
}

/** What two answers consumed together, in full. */
export function addCompletionUsage(a: CompletionUsage, b: CompletionUsage): CompletionUsage {
  const sum = (of: (usage: CompletionUsage) => unknown) => tokenCount(of(a)) + tokenCount(of(b));
  return {
    prompt_tokens: sum((usage) => usage.prompt_tokens),
    completion_tokens: sum((usage) => usage.completion_tokens),
    total_tokens: sum((usage) => usage.total_tokens),
    prompt_tokens_details: {
      cached_tokens: sum((usage) => usage.prompt_tokens_details?.cached_tokens),
      audio_tokens: sum((usage) => usage.prompt_tokens_details?.audio_tokens),
    },
    completion_tokens_details: {
      reasoning_tokens: sum((usage) => usage.completion_tokens_details?.reasoning_tokens),
      audio_tokens: sum((usage) => usage.completion_tokens_details?.audio_tokens),
      accepted_prediction_tokens: sum((usage) => usage.completion_tokens_details?.accepted_prediction_tokens),
      rejected_prediction_tokens: sum((usage) => usage.completion_tokens_details?.rejected_prediction_tokens),
    },
  };
}
