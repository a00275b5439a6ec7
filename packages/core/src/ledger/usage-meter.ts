import type { Tokenizer } from "./tokenizer.ts";
import { type CompletionUsage, isUsage, type MeteredUsage, meterUsage, tokenCount } from "./usage.ts";

export interface UsageMeterOptions {
  tokenizer: Tokenizer;
  /** Tokens of each prompt, counted only when no engine reports them. */
  prompts: readonly (() => number)[];
  /** Which prompt a choice answers. */
  promptOf: (choice: number) => number;
}

/** What a choice has said, and what its engine says that it consumed. */
interface Heard {
  text: string;
  reported: CompletionUsage | null;
}

/**
 * Adds up what a call's choices consumed: every prompt once, as the API bills it, and every choice's completion. What
 * an engine does not report is counted from the text that passed by, also when the client leaves half-way.
 */
export class UsageMeter {
  readonly #options: UsageMeterOptions;
  /** By choice; those that have said nothing yet are holes. */
  readonly #choices: Heard[] = [];
  #sum: CompletionUsage | undefined;

  constructor(options: UsageMeterOptions) {
    this.#options = options;
  }

  add(choice: number, text: string, usage: CompletionUsage | null | undefined): void {
    const heard = this.#choices[choice];
    const reported = isUsage(usage) ? usage : null;
    if (heard) {
      heard.text += text;
      heard.reported = reported ?? heard.reported;
    } else this.#choices[choice] = { text, reported };
    this.#sum = undefined;
  }

  /** True when at least one choice had to be counted here. */
  get estimated(): boolean {
    return this.#choices.length === 0 || this.#choices.some(({ reported }) => !reported);
  }

  usage(): CompletionUsage {
    // Asked for twice, by the reply and by the settled record; a tokenizer may take its time over a long text.
    this.#sum ??= this.#added();
    return this.#sum;
  }

  #added(): CompletionUsage {
    const { prompts, promptOf, tokenizer } = this.#options;
    const perPrompt = new Array<CompletionUsage | undefined>(prompts.length);
    let completion = 0;
    let cached = 0;
    let reasoning = 0;
    this.#choices.forEach(({ text, reported }, choice) => {
      if (reported) perPrompt[promptOf(choice)] = reported;
      completion += reported ? reported.completion_tokens : tokenizer.count(text);
      reasoning += tokenCount(reported?.completion_tokens_details?.reasoning_tokens);
    });
    let prompt = 0;
    for (const [index, count] of prompts.entries()) {
      const report = perPrompt[index];
      cached += tokenCount(report?.prompt_tokens_details?.cached_tokens);
      prompt += report?.prompt_tokens ?? count();
    }
    return {
      prompt_tokens: prompt,
      completion_tokens: completion,
      total_tokens: prompt + completion,
      prompt_tokens_details: { cached_tokens: cached, audio_tokens: 0 },
      completion_tokens_details: {
        reasoning_tokens: reasoning,
        audio_tokens: 0,
        accepted_prediction_tokens: 0,
        rejected_prediction_tokens: 0,
      },
    };
  }

  metered(): MeteredUsage | null {
    return meterUsage(this.usage(), this.estimated) ?? null;
  }
}
