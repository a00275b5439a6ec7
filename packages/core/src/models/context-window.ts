import type { Call } from "../call.ts";
import { contextLengthExceeded, tooManyOutputTokens } from "../errors/catalogue.ts";
import type { Tokenizer } from "../ledger/tokenizer.ts";
import type { ResolvedModel } from "./registry.ts";

export interface Asked {
  /** The parameter that holds the prompt: `messages`, `prompt`, `input`. */
  readonly prompt: string;
  /** Counts the prompt's tokens. */
  readonly count: (tokenizer: Tokenizer) => number;
  /** Most tokens of an answer that the request asks for, and the parameter that says so. */
  readonly output?: { readonly param: string; readonly tokens: number } | null;
}

/**
 * Refuses what the model has no room for, before its engine is bothered. Nothing is counted where it cannot matter: a text never
 * has more tokens than bytes.
 * @throws ApiError 400 `context_length_exceeded`
 */
export function assertFits(
  { rawBody, services }: Pick<Call, "services"> & Partial<Pick<Call, "rawBody">>,
  target: ResolvedModel,
  { prompt, count, output }: Asked,
): void {
  const { contextWindow, maxOutputTokens } = target;
  const outputTokens = output?.tokens ?? 0;
  if (output && maxOutputTokens !== null && outputTokens > maxOutputTokens) {
    throw tooManyOutputTokens(output.param, outputTokens, maxOutputTokens);
  }
  if (contextWindow === null || (rawBody && rawBody.length + outputTokens <= contextWindow)) return;
  const tokenizer = target.tokenizer ?? services.tokenizer;
  // An estimate is no ground for refusing anybody.
  if (tokenizer.approximate) return;
  const promptTokens = count(tokenizer);
  if (promptTokens + outputTokens > contextWindow) {
    throw contextLengthExceeded(contextWindow, prompt, promptTokens, outputTokens);
  }
}
