import fc from "fast-check";
import { expect, test } from "vitest";
import { costOf } from "./cost.ts";
import { type ModelPrice, ratesOf } from "./model-price.ts";
import { dollars } from "./money.ts";
import { createPrices } from "./price-book.ts";
import type { MeteredUsage } from "./usage.ts";

const NONE: MeteredUsage = {
  input_tokens: 0,
  cached_tokens: 0,
  output_tokens: 0,
  reasoning_tokens: 0,
  estimated: false,
};
const cost = (usage: Partial<MeteredUsage>, price: ModelPrice, batch = false) =>
  costOf({ ...NONE, ...usage }, ratesOf("m", price), { batch });

const PRICE: ModelPrice = {
  input: 2.5,
  cached_input: 1.25,
  output: 10,
  input_audio: 40,
  output_audio: 80,
  input_image: 5,
};

test.each<[what: string, usage: Partial<MeteredUsage>, price: ModelPrice, dollars: number]>([
  ["a million tokens read", { input_tokens: 1e6 }, PRICE, 2.5],
  ["half of them from a cache", { input_tokens: 1e6, cached_tokens: 5e5 }, PRICE, 1.875],
  ["what is written, thoughts included", { output_tokens: 1e6, reasoning_tokens: 9e5 }, PRICE, 10],
  ["thoughts with a price of their own", { output_tokens: 1e6, reasoning_tokens: 5e5 }, { output: 2, reasoning: 4 }, 3],
  ["audio among the input, once", { input_tokens: 1e6, input_audio_tokens: 1e6 }, PRICE, 40],
  ["audio among the output, once", { output_tokens: 1e6, output_audio_tokens: 5e5 }, PRICE, 45],
  ["images among the input", { input_tokens: 1e6, input_image_tokens: 1e6 }, PRICE, 5],
  ["an hour heard by Whisper", { seconds: 3600 }, { minute: 0.006 }, 0.36],
  ["a second of it", { seconds: 1 }, { minute: 0.006 }, 0.0001],
  ["characters read aloud", { characters: 1e6 }, { characters: 15 }, 15],
  ["images made", { images: 3 }, { image: 0.04 }, 0.12],
  ["a request", {}, { request: 0.01 }, 0.01],
  ["a single token of a cheap model", { input_tokens: 1 }, { input: 0.0375 }, 0.000000038],
  ["a short context", { input_tokens: 1e5 }, { input: 1, long_context: { above: 1e5, input: 2 } }, 0.1],
  ["a long one, all of it", { input_tokens: 2e5 }, { input: 1, long_context: { above: 1e5, input: 2 } }, 0.4],
])("%s", (_, usage, price, expected) => {
  expect(cost(usage, price)).toBe(dollars(expected));
});

test("a batch costs half", () => {
  expect(cost({ input_tokens: 1e6, output_tokens: 1e6 }, PRICE, true)).toBe(dollars(6.25));
});

test("every cost is a whole number of nanodollars, and nothing counted twice makes it negative", () => {
  const count = fc.nat({ max: 1e9 });
  fc.assert(
    fc.property(count, count, count, count, count, (input, cached, output, audio, seconds) => {
      const usage = {
        input_tokens: input,
        cached_tokens: cached,
        output_tokens: output,
        input_audio_tokens: audio,
        seconds,
      };
      const amount = cost(usage, { ...PRICE, minute: 0.006 });
      expect(Number.isSafeInteger(amount)).toBe(true);
      expect(amount).toBeGreaterThanOrEqual(0);
    }),
  );
});

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 1e6])("a price of %s is refused by name", (input) => {
  expect(() => createPrices({ "gpt-x": { input } }, undefined)).toThrow(/gpt-x: input/);
});

test("the host's price comes before the book's, and a model's own before that for all others", () => {
  const book = (model: string) => (model === "known" || model === "both" ? { input: 2 } : null);
  const { find } = createPrices({ both: { input: 1 }, "*": { input: 9 } }, book);
  const input = (...names: string[]) => find(names, 0)?.input;
  expect([input("both"), input("known"), input("alias", "known"), input("neither")]).toEqual([1e6, 2e6, 2e6, 9e6]);
});
