import type { Tokenizer } from "../ledger/tokenizer.ts";

export interface TextCutterOptions {
  /** Sequences that end the text; they are not part of it. */
  stop: readonly string[];
  /** Tokens after which the text is cut; `Infinity` for no limit. */
  maxTokens: number;
  tokenizer: Tokenizer;
}

/**
 * Ends a text, given piece by piece, at a stop sequence or a token limit. A stop sequence may be spread over pieces,
 * so the longest tail that could still become one is held back until it cannot.
 */
export class TextCutter {
  /** Why the text has ended, once it has. */
  finish: "stop" | "length" | null = null;
  readonly #options: TextCutterOptions;
  #held = "";
  #tokens = 0;

  constructor(options: TextCutterOptions) {
    this.#options = { ...options, stop: options.stop.filter((sequence) => sequence !== "") };
  }

  /** The next piece in, the text that may be sent out. */
  push(piece: string): string {
    if (this.finish) return "";
    const text = this.#held + piece;
    const at = this.#firstStop(text);
    if (at >= 0) {
      this.#held = "";
      const out = this.#limit(text.slice(0, at));
      this.finish ??= "stop";
      return out;
    }
    const keep = this.#possibleStopLength(text);
    this.#held = text.slice(text.length - keep);
    return this.#limit(text.slice(0, text.length - keep));
  }

  /** The end of the source: what was held back in vain. */
  flush(): string {
    const rest = this.#held;
    this.#held = "";
    return this.finish ? "" : this.#limit(rest);
  }

  /** Where the sequence begins that is complete first: a model would have stopped there. */
  #firstStop(text: string): number {
    let start = -1;
    let end = Number.POSITIVE_INFINITY;
    for (const sequence of this.#options.stop) {
      const at = text.indexOf(sequence);
      if (at < 0 || at + sequence.length > end) continue;
      start = at + sequence.length === end ? Math.min(start, at) : at;
      end = at + sequence.length;
    }
    return start;
  }

  #possibleStopLength(text: string): number {
    let longest = 0;
    for (const sequence of this.#options.stop) {
      for (let length = Math.min(sequence.length - 1, text.length); length > longest; length--) {
        if (text.endsWith(sequence.slice(0, length))) longest = length;
      }
    }
    return longest;
  }

  #limit(text: string): string {
    const { maxTokens, tokenizer } = this.#options;
    if (maxTokens === Number.POSITIVE_INFINITY || text === "") return text;
    const tokens = tokenizer.count(text);
    if (this.#tokens + tokens <= maxTokens) {
      this.#tokens += tokens;
      return text;
    }
    this.finish = "length";
    return tokenizer.truncate(text, maxTokens - this.#tokens);
  }
}
