const BLOCK = 16;
const POOL_LENGTH = 4096;
let pool = "";
let used = POOL_LENGTH;

/**
 * Random padding that brings an event's text to a multiple of 16 characters, so that somebody who watches the encrypted
 * stream learns little from the sizes of its events. https://platform.openai.com/docs/api-reference/chat/create
 */
export function obfuscation(text: string): string {
  if (used + BLOCK > POOL_LENGTH) {
    pool = Array.from(crypto.getRandomValues(new Uint8Array(POOL_LENGTH)), (byte) => (byte & 15).toString(16)).join("");
    used = 0;
  }
  const length = BLOCK - (text.length % BLOCK);
  used += length;
  return pool.slice(used - length, used);
}
