/** FNV-1a, 32 bits: the only source of variety here, so that the same request always gets the same answer. */
export function hash(text: string, seed = 0x811c9dc5): number {
  let h = seed;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  // FNV's low bits are weak for short texts; one round of mixing spreads them.
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return (h ^ (h >>> 13)) >>> 0;
}

/** One of `items`, always the same for the same seed. */
export function pick<T>(items: readonly [T, ...T[]], seed: number): T {
  return items[seed % items.length] as T;
}
