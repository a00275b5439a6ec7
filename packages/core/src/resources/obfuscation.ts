const BLOCK = 16;
const POOL_LENGTH = 4096;
let pool = "";
let at = 0;

/**
 * Padding that brings an event's text to a multiple of 16 characters, so that somebody who watches the encrypted stream
 * learns little from the sizes of its events. https://platform.openai.com/docs/api-reference/chat/create
 *
 * Its length is what hides something; what it consists of is never a secret, so one pool of random text serves a process.
 */
export function obfuscation(text: string): string {
  if (pool === "") pool = randomText();
  const length = BLOCK - (text.length % BLOCK);
  if (at + length > POOL_LENGTH) at = 0;
  at += length;
  return pool.slice(at - length, at);
}

function randomText(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(POOL_LENGTH));
  return Array.from(bytes, (byte) => (byte & 15).toString(16)).join("");
}
