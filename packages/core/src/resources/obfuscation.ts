const BLOCK = 16;

/**
 * Random padding that brings an event's text to a multiple of 16 characters, so that somebody who watches the encrypted
 * stream learns little from the sizes of its events. https://platform.openai.com/docs/api-reference/chat/create
 */
export function obfuscation(text: string): string {
  const random = crypto.randomUUID().replaceAll("-", "");
  return random.slice(0, BLOCK - (text.length % BLOCK));
}
