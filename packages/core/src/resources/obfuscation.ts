const BLOCK = 16;
const OF_EACH_LENGTH = 64;
/** Random texts by their length, `OF_EACH_LENGTH` of each. */
let texts: readonly (readonly string[])[] = [];
let next = 0;

/**
 * Padding that brings an event's text to a multiple of 16 characters, so that somebody who watches the encrypted stream
 * learns little from the sizes of its events. https://platform.openai.com/docs/api-reference/chat/create
 *
 * Its length is what hides something; what it consists of is never a secret, so a stock of random texts serves a process.
 */
export function obfuscation(text: string): string {
  if (texts.length === 0) texts = randomTexts();
  next = (next + 1) % OF_EACH_LENGTH;
  return texts[BLOCK - (text.length % BLOCK)]?.[next] as string;
}

function randomTexts(): string[][] {
  const bytes = crypto.getRandomValues(new Uint8Array(OF_EACH_LENGTH * BLOCK));
  const pool = Array.from(bytes, (byte) => (byte & 15).toString(16)).join("");
  return Array.from({ length: BLOCK + 1 }, (_, length) =>
    Array.from({ length: OF_EACH_LENGTH }, (_, i) => pool.slice(i * BLOCK, i * BLOCK + length)),
  );
}
