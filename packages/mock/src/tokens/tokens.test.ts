import cl100k from "gpt-tokenizer/encoding/cl100k_base";
import o200k from "gpt-tokenizer/encoding/o200k_base";
import p50k from "gpt-tokenizer/encoding/p50k_base";
import r50k from "gpt-tokenizer/encoding/r50k_base";
import { describe, expect, it } from "vitest";
import { createTokenizer } from "./tokens.ts";

const ENCODINGS = [
  { model: "gpt-4o", reference: o200k },
  { model: "gpt-3.5-turbo", reference: cl100k },
  { model: "text-davinci-003", reference: p50k },
  { model: "davinci", reference: r50k },
];

const BITS = [
  ..."aZ1 \n\t_é漢한ا€\u00a0\u0301\u200d\ufffd",
  ...[
    "the ",
    "ing",
    "Foo",
    "'s",
    "'LL",
    "//",
    "23",
    "😀",
    "🏳️‍🌈",
    "\ud800",
    "<|endoftext|>",
    "Straßenbahn",
    "こんにちは",
  ],
];

/** Texts of up to 40 bits, the same in every run. */
const texts = Array.from({ length: 500 }, (_, seed) => {
  let state = seed + 1;
  const next = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % below;
  };
  return Array.from({ length: 1 + next(40) }, () => BITS[next(BITS.length)]).join("");
});

/** Equal pairs, of which the first has to be merged first. */
const runs = [..."zqxQé漢"].flatMap((letter) => [5, 7, 11, 23].map((length) => letter.repeat(length)));

describe.each(ENCODINGS)("the tokens of $model", ({ model, reference }) => {
  const tokenizer = createTokenizer(model);
  const tokensOf = (text: string) => reference.encode(text, { disallowedSpecial: new Set() });

  it("are as many as another tokenizer counts", () => {
    for (const text of texts) expect([text, tokenizer.count(text)]).toEqual([text, tokensOf(text).length]);
  });

  it("end where another tokenizer's do", () => {
    for (const text of [...runs, ...texts.slice(0, 100)]) {
      const tokens = tokensOf(text);
      for (const kept of [1, tokens.length >> 1, tokens.length]) {
        // Half a character decodes to U+FFFD there, and waits for its other half here.
        const expected = reference.decode(tokens.slice(0, kept));
        if (/[\ud800\ufffd]/.test(text + expected)) continue;
        expect(tokenizer.truncate(text, kept)).toBe(expected);
      }
    }
  });
});

it("a byte order mark is a token of its own", () => {
  expect(createTokenizer("gpt-4o").count("\ufeff")).toBe(1);
  expect(createTokenizer("gpt-4o").truncate("\ufeffusing", 1)).toBe("\ufeffusing");
});
