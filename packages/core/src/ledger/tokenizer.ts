/**
 * Counts tokens where an engine reports none. Give `createOutlet` a real one (`gpt-tokenizer`, a model's own)
 * for exact counts.
 */
export interface Tokenizer {
  count(text: string): number;
  /** The longest prefix of `text` that has at most `maxTokens` tokens. */
  truncate(text: string, maxTokens: number): string;
  /** Text of a token array; without it, token-array input needs an engine that takes it as it is. */
  decode?(tokens: readonly number[]): string;
  /** True for one that estimates: nothing is refused on its word. */
  readonly approximate?: boolean;
}

const BYTES_PER_TOKEN = 4;
const encoder = new TextEncoder();

/** The usual rule of thumb, four bytes of UTF-8 a token. What it counts is marked as estimated. */
export const approximateTokenizer: Tokenizer = {
  approximate: true,
  count: (text) => Math.ceil(byteLength(text) / BYTES_PER_TOKEN),
  truncate(text, maxTokens) {
    const room = encoder.encodeInto(text, new Uint8Array(Math.min(maxTokens * BYTES_PER_TOKEN, text.length * 3)));
    return text.slice(0, room.read);
  },
};

function byteLength(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7ff && (code < 0xd800 || code > 0xdfff)) bytes += 2;
    else if (code > 0x7f) bytes += 1;
  }
  return bytes;
}
