import type { Tokenizer } from "./tokenizer.ts";
import { type CompletionUsage, isUsage, type MeteredUsage, meterUsage, tokenCount } from "./usage.ts";

export interface UsageMeterOptions {
  tokenizer: Tokenizer;
  /** Tokens of each prompt, counted only when no engine reports them. */
  prompts: readonly (() => number)[];
  /** Which prompt a choice answers. */
  promptOf: (choice: number) => number;
}

/**
 * Adds up what a call's choices consumed: every prompt once, as the API bills it, and every choice's completion. What
 * an engine does not report is counted from the text that passed by, also when the client leaves half-way.
 */
export class UsageMeter {
  readonly #options: UsageMeterOptions;
  /** By choice; those that nothing is known of yet are holes. */
  readonly #reported: CompletionUsage[] = [];
  readonly #texts: string[] = [];
  #sum: CompletionUsage | undefined;

  constructor(options: UsageMeterOptions) {
    this.#options = options;
  }

  add(choice: number, text: string, usage: CompletionUsage | null | undefined): void {
    if (isUsage(usage)) this.#reported[choice] = usage;
    const said = this.#texts[choice];
    this.#texts[choice] = said === undefined ? text : said + text;
    this.#sum = undefined;
  }

  /** True when at least one choice had to be counted here. */
  get estimated(): boolean {
    return this.#reported.length === 0 || this.#texts.some((_, choice) => !this.#reported[choice]);
  }

  usage(): CompletionUsage {
    // Asked for twice, by the reply and by the settled record; a tokenizer may take its time over a long text.
    this.#sum ??= this.#added();
    return this.#sum;
  }

  #added(): CompletionUsage {
    const { prompts, promptOf, tokenizer } = this.#options;
    const perPrompt: CompletionUsage[] = [];
    let completion = 0;
    let cached = 0;
    let reasoning = 0;
    this.#reported.forEach((report, choice) => {
      perPrompt[promptOf(choice)] = report;
      completion += report.completion_tokens;
      reasoning += tokenCount(report.completion_tokens_details?.reasoning_tokens);
    });
    this.#texts.forEach((text, choice) => {
      if (!this.#reported[choice]) completion += tokenizer.count(text);
    });
    const prompt = prompts.reduce((sum, count, index) => {
      const report = perPrompt[index];
      cached += tokenCount(report?.prompt_tokens_details?.cached_tokens);
      return sum + (report?.prompt_tokens ?? count());
    }, 0);
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
