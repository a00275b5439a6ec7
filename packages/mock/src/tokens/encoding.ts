import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { ApiError } from "@outlet/core";
import {
  CL100K_TOKEN_SPLIT_REGEX,
  O200K_TOKEN_SPLIT_REGEX,
  R50K_TOKEN_SPLIT_REGEX,
} from "gpt-tokenizer/encodingParams/constants";
import { mergePairs } from "./byte-pairs.ts";
import { readVocabulary } from "./vocabulary.ts";

export type EncodingName = "o200k_base" | "cl100k_base" | "p50k_base" | "r50k_base";

export interface Encoding {
  readonly name: EncodingName;
  encode(text: string): number[];
  /** Bytes of one token. @throws ApiError 400 for an id that the vocabulary does not have */
  bytesOf(token: number): Uint8Array;
  /** Text of one token, where its bytes are whole characters. */
  textOf(token: number): string | undefined;
}

// A vocabulary takes 10 to 40 ms to load, so each is loaded when a model first needs it, and synchronously, because a
// tokenizer has to answer at once. Of gpt-tokenizer only the data is used: its own tables take four times as long to make.
const { resolve } = createRequire(import.meta.url);
const loaded = new Map<EncodingName, Encoding>();
const END_OF_TEXT: Readonly<Record<EncodingName, number>> = {
  o200k_base: 199999,
  cl100k_base: 100257,
  p50k_base: 50256,
  r50k_base: 50256,
};
/** How a text is cut before its bytes are merged. */
const PIECES: Readonly<Record<EncodingName, RegExp>> = {
  o200k_base: O200K_TOKEN_SPLIT_REGEX,
  cl100k_base: CL100K_TOKEN_SPLIT_REGEX,
  p50k_base: R50K_TOKEN_SPLIT_REGEX,
  r50k_base: R50K_TOKEN_SPLIT_REGEX,
};
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function encodingNamed(name: EncodingName): Encoding {
  let encoding = loaded.get(name);
  if (!encoding) {
    encoding = createEncoding(name);
    loaded.set(name, encoding);
  }
  return encoding;
}

/** The encoding that a model id implies; unknown ids get the newest. */
export function encodingFor(model: string): Encoding {
  return encodingNamed(encodingNameFor(model));
}

function encodingNameFor(model: string): EncodingName {
  if (/^gpt-4(?:o|\.)/.test(model)) return "o200k_base";
  if (/^(?:gpt-4|gpt-3\.5|text-embedding-|davinci-002|babbage-002)/.test(model)) return "cl100k_base";
  if (/^(?:text-davinci-00[23]|code-)/.test(model)) return "p50k_base";
  if (/^(?:text-)?(?:davinci|curie|babbage|ada)(?:-|$)/.test(model)) return "r50k_base";
  return "o200k_base";
}

function createEncoding(name: EncodingName): Encoding {
  const vocabulary = readVocabulary(readFileSync(resolve(`gpt-tokenizer/data/${name}.tiktoken`)));
  const bytesOf = (token: number) => {
    const { from, to } = vocabulary.rangeOf(token);
    if (from < to) return vocabulary.bytes.subarray(from, to);
    if (token === END_OF_TEXT[name]) return encoder.encode("<|endoftext|>");
    throw new ApiError({
      status: 400,
      type: "invalid_request_error",
      message: `Invalid token: ${token} is not in the vocabulary of ${name}.`,
    });
  };
  const encode = (text: string) => {
    const tokens: number[] = [];
    for (const piece of text.match(PIECES[name]) ?? []) {
      const bytes = encoder.encode(piece);
      const token = vocabulary.tokenOf(bytes, 0, bytes.length);
      if (token < 0) mergePairs(bytes, vocabulary, tokens);
      else tokens.push(token);
    }
    return tokens;
  };
  return {
    name,
    encode: (text) => (hasLongRun(text) ? encodeInBlocks(text, encode) : encode(text)),
    bytesOf,
    textOf(token) {
      try {
        return decoder.decode(bytesOf(token));
      } catch {
        return undefined;
      }
    },
  };
}

const BLOCK = 1000;
// Byte pair merging takes quadratic time within one run of letters, marks or blanks.
const LONG_RUN = /\p{L}{1000}|[^\s\p{L}\p{N}]{1000}|\s{1000}/u;

function hasLongRun(text: string): boolean {
  return text.length > BLOCK && LONG_RUN.test(text);
}

function encodeInBlocks(text: string, encode: Encoding["encode"]): number[] {
  const tokens: number[] = [];
  for (let at = 0; at < text.length; ) {
    let end = Math.min(at + BLOCK, text.length);
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd800 && last <= 0xdbff) end += 1;
    for (const token of encode(text.slice(at, end))) tokens.push(token);
    at = end;
  }
  return tokens;
}
