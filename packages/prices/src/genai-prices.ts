import type { ModelPrice, PriceBook, TokenPrice } from "@outlet/core";
import { calcPrice } from "@pydantic/genai-prices";

export interface GenaiPricesOptions {
  /**
   * Whose prices: `openai`, `anthropic`, `azure`, `groq`, … Default: OpenAI's, and for models that are not OpenAI's, those of whoever
   * makes them.
   */
  provider?: string;
}

type Listed = Record<string, number | { base: number; tiers: readonly { start: number; price: number }[] } | undefined>;

/** Where the table has what a price is made of. */
const TOKENS = {
  input: "input_mtok",
  cached_input: "cache_read_mtok",
  output: "output_mtok",
  reasoning: "output_reasoning_mtok",
  input_audio: "input_audio_mtok",
  output_audio: "output_audio_mtok",
  input_image: "input_image_mtok",
  output_image: "output_image_mtok",
} as const satisfies Record<keyof TokenPrice, string>;

const MINUTES_PER_HOUR = 60;

/**
 * The prices of the genai-prices table, as they are at the time of each call: `createOutlet({ ledger, billing: { priceBook: genaiPrices()
 * } })`. The table is part of the package; a newer one comes with an update of `@pydantic/genai-prices`.
 */
export function genaiPrices({ provider }: GenaiPricesOptions = {}): PriceBook {
  const providers = provider === undefined ? [{ providerId: "openai" }, {}] : [{ providerId: provider }];
  return (model, timestamp) => {
    for (const options of providers) {
      const found = calcPrice({}, model, { ...options, timestamp });
      if (found) return priceOf(found.model_price as Listed);
    }
    return null;
  };
}

function priceOf(listed: Listed): ModelPrice {
  const price: ModelPrice = tokenPrice((name) => baseOf(listed[name]));
  const hour = baseOf(listed.input_audio_hours) ?? baseOf(listed.audio_hours);
  if (hour !== undefined) price.minute = hour / MINUTES_PER_HOUR;
  const above = Object.values(listed).flatMap((entry) => (typeof entry === "object" ? entry.tiers : []))[0]?.start;
  if (above !== undefined) price.long_context = { above, ...tokenPrice((name) => tierOf(listed[name])) };
  return price;
}

function tokenPrice(find: (name: string) => number | undefined): TokenPrice {
  const price: TokenPrice = {};
  for (const [part, name] of Object.entries(TOKENS) as [keyof TokenPrice, string][]) {
    const amount = find(name);
    if (amount !== undefined) price[part] = amount;
  }
  return price;
}

function baseOf(entry: Listed[string]): number | undefined {
  return typeof entry === "object" ? entry.base : entry;
}

/** What has one price only has it beyond the step as well. */
function tierOf(entry: Listed[string]): number | undefined {
  return typeof entry === "object" ? (entry.tiers[0]?.price ?? entry.base) : entry;
}
