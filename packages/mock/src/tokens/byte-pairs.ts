import type { Vocabulary } from "./vocabulary.ts";

const NONE = Number.POSITIVE_INFINITY;

/**
 * Byte pair encoding: of all neighbours that are a token together, the pair with the lowest id becomes one, again and again. Adds what is
 * left to `tokens`. Takes quadratic time.
 */
export function mergePairs(bytes: Uint8Array, vocabulary: Vocabulary, tokens: number[]): void {
  // Where each part begins, and then where the last one ends.
  const bounds = Array.from({ length: bytes.length + 1 }, (_, at) => at);
  const pairAt = (part: number): number => {
    if (part < 0 || part + 2 >= bounds.length) return NONE;
    const token = vocabulary.tokenOf(bytes, bounds[part] as number, bounds[part + 2] as number);
    return token < 0 ? NONE : token;
  };
  const pairs = bounds.map((_, part) => pairAt(part));
  for (;;) {
    let lowest = 0;
    for (let part = 1; part < pairs.length; part++) {
      if ((pairs[part] as number) < (pairs[lowest] as number)) lowest = part;
    }
    if (pairs[lowest] === NONE) break;
    bounds.splice(lowest + 1, 1);
    pairs.splice(lowest + 1, 1);
    pairs[lowest] = pairAt(lowest);
    if (lowest > 0) pairs[lowest - 1] = pairAt(lowest - 1);
  }
  for (let part = 0; part + 1 < bounds.length; part++) {
    tokens.push(vocabulary.tokenOf(bytes, bounds[part] as number, bounds[part + 1] as number));
  }
}
