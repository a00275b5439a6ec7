import type { ChatFinishReason } from "@outlet/core";
import type { SaidCall, Saying } from "../answer/saying.ts";
import type { Encoding } from "../tokens/encoding.ts";
import { countTokens, firstTokens, type TokenizedText, tokenize } from "../tokens/tokens.ts";

/** A saying within its limits, in tokens. Parts that the limit left nothing of are gone. */
export interface FittedSaying {
  readonly content: TokenizedText | null;
  readonly refusal: TokenizedText | null;
  readonly calls: readonly FittedCall[];
  readonly functionCall: { name: string; arguments: TokenizedText } | null;
  readonly extra: Readonly<Record<string, unknown>> | undefined;
  /** Tokens of everything above. */
  readonly tokens: number;
  readonly finish: ChatFinishReason;
}

export interface FittedCall extends Omit<SaidCall, "text"> {
  readonly text: TokenizedText;
  /** What the name costs. */
  readonly nameTokens: number;
}

/** Cuts a saying at its stop sequences and at a number of tokens. */
export function fitSaying(saying: Saying, stop: readonly string[], limit: number, encoding: Encoding): FittedSaying {
  let left = limit;
  let cut = false;
  const take = (text: string): TokenizedText => {
    const whole = tokenize(text, encoding);
    if (whole.tokens.length <= left) {
      left -= whole.tokens.length;
      return whole;
    }
    const part = firstTokens(whole, left);
    cut = true;
    left = 0;
    return part;
  };
  /** Runs until the limit is reached: nothing begins after it. */
  const within = <T>(make: () => T): T | null => {
    if (cut || left <= 0) {
      cut = true;
      return null;
    }
    return make();
  };

  const stopped = stopAt(saying.content ?? null, stop);
  const content =
    stopped.text === null ? null : stopped.text === "" ? EMPTY : within(() => take(stopped.text as string));
  const refusal = saying.refusal == null ? null : within(() => take(saying.refusal as string));
  const calls: FittedCall[] = [];
  for (const { text, ...call } of stopped.hit ? [] : (saying.calls ?? [])) {
    const fitted = within(() => {
      const nameTokens = countTokens(call.name, encoding);
      left = Math.max(0, left - nameTokens);
      return { ...call, nameTokens, text: take(text) };
    });
    if (fitted) calls.push(fitted);
  }
  const called = stopped.hit ? undefined : saying.functionCall;
  const functionCall = called ? within(() => ({ name: called.name, arguments: take(called.arguments) })) : null;
  const usual = calls.length > 0 ? "tool_calls" : functionCall ? "function_call" : "stop";
  return {
    content,
    refusal,
    calls,
    functionCall,
    extra: saying.extra,
    tokens: Math.min(limit, tokensIn(content, refusal, calls, functionCall, encoding)),
    finish: cut ? "length" : stopped.hit ? "stop" : (saying.finish ?? usual),
  };
}

const EMPTY: TokenizedText = { tokens: [], texts: [], whole: "" };

/** A text up to the first of the sequences. */
export function stopAt(text: string | null, stop: readonly string[]): { text: string | null; hit: boolean } {
  if (text === null) return { text, hit: false };
  let end = text.length;
  for (const sequence of stop) {
    const at = sequence === "" ? -1 : text.indexOf(sequence);
    if (at >= 0 && at < end) end = at;
  }
  return end === text.length ? { text, hit: false } : { text: text.slice(0, end), hit: true };
}

function tokensIn(
  content: TokenizedText | null,
  refusal: TokenizedText | null,
  calls: readonly FittedCall[],
  functionCall: FittedSaying["functionCall"],
  encoding: Encoding,
): number {
  let total = (content?.tokens.length ?? 0) + (refusal?.tokens.length ?? 0);
  for (const { nameTokens, text } of calls) total += nameTokens + text.tokens.length;
  if (functionCall) total += countTokens(functionCall.name, encoding) + functionCall.arguments.tokens.length;
  return total;
}
