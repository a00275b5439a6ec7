import type { Tokenizer } from "@outlet/core";
import { createLru, type Lru } from "../lru.ts";
import { type Encoding, encodingFor, encodingNamed } from "./encoding.ts";

/** A text as its tokens. */
export interface TokenizedText {
  readonly tokens: readonly number[];
  /** What each token adds to the text; empty for a token that ends within a character, the next one has it then. */
  readonly texts: readonly string[];
  /** All of it. */
  readonly whole: string;
}

const MAX_REMEMBERED_LENGTH = 20_000;
const remembered = new Map<Encoding, { texts: Lru<TokenizedText>; counts: Lru<number> }>();

function rememberedFor(encoding: Encoding) {
  let known = remembered.get(encoding);
  if (!known) {
    known = { texts: createLru(500), counts: createLru(2000) };
    remembered.set(encoding, known);
  }
  return known;
}

/** Splits a text at its tokens, never within a character. */
export function tokenize(text: string, encoding: Encoding): TokenizedText {
  if (text.length > MAX_REMEMBERED_LENGTH) return split(text, encoding);
  return rememberedFor(encoding).texts.get(text, () => split(text, encoding));
}

export function countTokens(text: string, encoding: Encoding): number {
  if (text === "") return 0;
  if (text.length > MAX_REMEMBERED_LENGTH) return encoding.encode(text).length;
  return rememberedFor(encoding).counts.get(text, () => encoding.encode(text).length);
}

export function decodeTokens(tokens: readonly number[], encoding: Encoding): string {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let text = "";
  for (const token of tokens) text += decoder.decode(encoding.bytesOf(token), { stream: true });
  return text + decoder.decode();
}

function split(text: string, encoding: Encoding): TokenizedText {
  const tokens = encoding.encode(text);
  let decoder: TextDecoder | undefined;
  const pieces = tokens.map((token) => {
    const whole = encoding.textOf(token);
    if (whole !== undefined && !decoder) return whole;
    decoder ??= new TextDecoder("utf-8", { ignoreBOM: true });
    return decoder.decode(encoding.bytesOf(token), { stream: true });
  });
  return { tokens, texts: pieces, whole: pieces.join("") };
}

export function firstTokens({ tokens, texts }: TokenizedText, count: number): TokenizedText {
  const kept = texts.slice(0, count);
  return { tokens: tokens.slice(0, count), texts: kept, whole: kept.join("") };
}

/** The real tokenizer, for whoever mounts the mock in an outlet of their own. @param model its id picks the encoding */
export function createTokenizer(model?: string): Tokenizer {
  const encoding = () => (model === undefined ? encodingNamed("o200k_base") : encodingFor(model));
  return {
    count: (text) => countTokens(text, encoding()),
    truncate: (text, maxTokens) => tokenize(text, encoding()).texts.slice(0, Math.max(0, maxTokens)).join(""),
    decode: (tokens) => decodeTokens(tokens, encoding()),
  };
}
