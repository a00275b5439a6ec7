/** What a model costs, in US dollars, as price pages have it. What is left out costs nothing, or what it is a part of. */
export interface ModelPrice extends TokenPrice {
  /** Per million characters read aloud. */
  characters?: number;
  /** Per minute of audio heard. Whisper: 0.006. */
  minute?: number;
  /** Per image made. */
  image?: number;
  /** Per request, whatever it consumes. */
  request?: number;
  /** Other token prices for the whole of a request whose input has more than `above` tokens. */
  long_context?: TokenPrice & { above: number };
}

/** US dollars per million tokens. */
export interface TokenPrice {
  input?: number;
  /** Input that was served from a prompt cache; default: as `input`. */
  cached_input?: number;
  output?: number;
  /** Output that was spent on reasoning; default: as `output`. */
  reasoning?: number;
  /** Default: as `input`. */
  input_audio?: number;
  /** Default: as `output`. */
  output_audio?: number;
  /** Default: as `input`. */
  input_image?: number;
  /** Default: as `output`. */
  output_image?: number;
}

/** A price in whole picodollars a unit, ready to be multiplied. A dollar per million tokens is a million of them per token. */
export interface Rates extends TokenRates {
  readonly character: number;
  readonly minute: number;
  readonly image: number;
  readonly request: number;
  readonly longContext: (TokenRates & { readonly above: number }) | null;
}

export interface TokenRates {
  readonly input: number;
  readonly cachedInput: number;
  readonly output: number;
  readonly reasoning: number;
  readonly inputAudio: number;
  readonly outputAudio: number;
  readonly inputImage: number;
  readonly outputImage: number;
}

const PICOS_PER_DOLLAR = 1e12;
/** Picodollars a unit at one dollar per million units. */
const PICOS_PER_MILLIONTH = 1e6;
/** Dollars, per million tokens or per thing; beyond it a typing error is likelier than a price, and integers are not exact. */
const MAX_PRICE = 10_000;

/** @throws TypeError when a price is below zero, not finite, or above 10,000 */
export function ratesOf(model: string, price: ModelPrice): Rates {
  const each = (name: keyof ModelPrice, unit: number) => picos(`${model}: ${name}`, price[name] as number, unit);
  const { long_context: long } = price;
  if (long && !(Number.isSafeInteger(long.above) && long.above >= 0)) {
    throw new TypeError(`the price of ${model}: long_context.above must be a whole number of tokens`);
  }
  return {
    ...tokenRates(model, price),
    character: each("characters", PICOS_PER_MILLIONTH),
    minute: each("minute", PICOS_PER_DOLLAR),
    image: each("image", PICOS_PER_DOLLAR),
    request: each("request", PICOS_PER_DOLLAR),
    longContext: long ? { ...tokenRates(`${model}: long_context`, long), above: long.above } : null,
  };
}

function tokenRates(model: string, price: TokenPrice): TokenRates {
  const rate = (name: keyof TokenPrice, fallback: number) =>
    price[name] === undefined ? fallback : picos(`${model}: ${name}`, price[name], PICOS_PER_MILLIONTH);
  const input = rate("input", 0);
  const output = rate("output", 0);
  return {
    input,
    output,
    cachedInput: rate("cached_input", input),
    reasoning: rate("reasoning", output),
    inputAudio: rate("input_audio", input),
    outputAudio: rate("output_audio", output),
    inputImage: rate("input_image", input),
    outputImage: rate("output_image", output),
  };
}

function picos(what: string, price: number | undefined, unit: number): number {
  if (price === undefined) return 0;
  if (!(price >= 0 && price <= MAX_PRICE))
    throw new TypeError(`the price of ${what} must be 0 to ${MAX_PRICE} dollars`);
  return Math.round(price * unit);
}
