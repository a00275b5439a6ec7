import type { Rates } from "./model-price.ts";
import type { Nanodollars } from "./money.ts";
import type { MeteredUsage } from "./usage.ts";

const PICOS_PER_NANO = 1_000;
const SECONDS_PER_MINUTE = 60;
/** A million dollars: what no call costs, and sums of which databases can still add. */
const MAX_COST: Nanodollars = 1e15;

export interface CostOptions {
  /** Part of a batch: half the price. https://platform.openai.com/docs/guides/batch */
  readonly batch?: boolean;
}

/**
 * What a call costs: one sum for everything that can be consumed, streamed or not, rounded once, to the nearest nanodollar. The
 * parts of `input_tokens` and `output_tokens` that have a price of their own are not charged twice.
 */
export function costOf(usage: MeteredUsage, rates: Rates, { batch = false }: CostOptions = {}): Nanodollars {
  const { longContext } = rates;
  const tokens = longContext && usage.input_tokens > longContext.above ? longContext : rates;
  const { input_audio_tokens: heard = 0, input_image_tokens: seen = 0 } = usage;
  const { output_audio_tokens: spoken = 0, output_image_tokens: drawn = 0 } = usage;
  const read = Math.max(usage.input_tokens - usage.cached_tokens - heard - seen, 0);
  const written = Math.max(usage.output_tokens - usage.reasoning_tokens - spoken - drawn, 0);
  const picos =
    read * tokens.input +
    usage.cached_tokens * tokens.cachedInput +
    heard * tokens.inputAudio +
    seen * tokens.inputImage +
    written * tokens.output +
    usage.reasoning_tokens * tokens.reasoning +
    spoken * tokens.outputAudio +
    drawn * tokens.outputImage +
    (usage.characters ?? 0) * rates.character +
    ((usage.seconds ?? 0) * rates.minute) / SECONDS_PER_MINUTE +
    (usage.images ?? 0) * rates.image +
    rates.request;
  return Math.min(Math.round(picos / PICOS_PER_NANO / (batch ? 2 : 1)), MAX_COST);
}
