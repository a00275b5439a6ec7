/** What one call consumed. The meter's own shape, whatever the operation's. */
export interface MeteredUsage {
  input_tokens: number;
  /** Part of `input_tokens` that was served from a prompt cache. */
  cached_tokens: number;
  output_tokens: number;
  /** Part of `output_tokens` that was spent on reasoning. */
  reasoning_tokens: number;
  /** Part of `input_tokens` that was audio. */
  input_audio_tokens?: number;
  /** Part of `output_tokens` that is audio. */
  output_audio_tokens?: number;
  /** Part of `input_tokens` that was images. */
  input_image_tokens?: number;
  /** Part of `output_tokens` that is images. */
  output_image_tokens?: number;
  /** Read aloud. */
  characters?: number;
  /** Of audio heard, in whole seconds. */
  seconds?: number;
  /** Made. */
  images?: number;
  /** True when no engine reported the counts and core counted them itself. */
  estimated: boolean;
}

/** Of what has consumed nothing. */
export const NO_USAGE: Readonly<MeteredUsage> = Object.freeze({
  input_tokens: 0,
  cached_tokens: 0,
  output_tokens: 0,
  reasoning_tokens: 0,
  estimated: false,
});

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
  const metered: MeteredUsage = {
    input_tokens: tokenCount(u.prompt_tokens),
    cached_tokens: tokenCount(u.prompt_tokens_details?.cached_tokens),
    output_tokens: tokenCount(u.completion_tokens),
    reasoning_tokens: tokenCount(u.completion_tokens_details?.reasoning_tokens),
    estimated,
  };
  const heard = tokenCount(u.prompt_tokens_details?.audio_tokens);
  const spoken = tokenCount(u.completion_tokens_details?.audio_tokens);
  if (heard > 0) metered.input_audio_tokens = heard;
  if (spoken > 0) metered.output_audio_tokens = spoken;
  return metered;
}

const OPTIONAL = [
  "input_audio_tokens",
  "output_audio_tokens",
  "input_image_tokens",
  "output_image_tokens",
  "characters",
  "seconds",
  "images",
] as const satisfies (keyof MeteredUsage)[];

export function addUsage(sum: MeteredUsage | null, more: MeteredUsage): MeteredUsage {
  if (!sum) return more;
  const added: MeteredUsage = {
    input_tokens: sum.input_tokens + more.input_tokens,
    cached_tokens: sum.cached_tokens + more.cached_tokens,
    output_tokens: sum.output_tokens + more.output_tokens,
    reasoning_tokens: sum.reasoning_tokens + more.reasoning_tokens,
    estimated: sum.estimated || more.estimated,
  };
  for (const name of OPTIONAL) {
    const count = (sum[name] ?? 0) + (more[name] ?? 0);
    if (count > 0) added[name] = count;
  }
  return added;
}

/** More than any call consumes; what databases and sums of them can still bear. */
const MAX_COUNT = 1e9;

/** The same with whole, bearable counts, whatever an engine has reported. */
export function boundedUsage(usage: Readonly<MeteredUsage>): MeteredUsage {
  const count = (value: number) => Math.min(tokenCount(value), MAX_COUNT);
  const bounded: MeteredUsage = {
    input_tokens: count(usage.input_tokens),
    cached_tokens: count(Math.min(usage.cached_tokens, usage.input_tokens)),
    output_tokens: count(usage.output_tokens),
    reasoning_tokens: count(Math.min(usage.reasoning_tokens, usage.output_tokens)),
    estimated: usage.estimated,
  };
  for (const name of OPTIONAL) {
    const value = usage[name];
    if (value) bounded[name] = count(value);
  }
  return bounded;
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
