/** The tokens of an encoding by their bytes, and the other way round. */
export interface Vocabulary {
  /** The token that is exactly these bytes, or -1. */
  tokenOf(bytes: Uint8Array, from: number, to: number): number;
  /** Where a token's bytes are; an empty range for an id that is none. */
  rangeOf(token: number): { readonly from: number; readonly to: number };
  /** The bytes of all tokens, one after the other. */
  readonly bytes: Uint8Array;
}

const SPACE = 0x20;
const NEWLINE = 0x0a;
const PADDING = 0x3d;
const SEXTETS = new Uint8Array(128);
for (const [value, letter] of [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].entries()) {
  SEXTETS[letter.charCodeAt(0)] = value;
}

/**
 * Reads a `.tiktoken` file: on each line a token's bytes in base64, a space and its id, ids ascending. Into a hash table of numbers: as
 * objects, 200,000 tokens would take four times as long and ten times the memory.
 */
export function readVocabulary(file: Uint8Array): Vocabulary {
  const bytes = new Uint8Array(file.length);
  const starts: number[] = [0];
  let end = 0;
  for (let at = 0; at < file.length; at++) {
    let bits = 0;
    let held = 0;
    for (let code = file[at] as number; code !== SPACE; code = file[++at] as number) {
      if (code === PADDING) continue;
      bits = ((bits << 6) | (SEXTETS[code] as number)) & 0xfff;
      held += 6;
      if (held < 8) continue;
      held -= 8;
      bytes[end++] = (bits >> held) & 0xff;
    }
    let token = 0;
    for (at++; at < file.length && file[at] !== NEWLINE; at++) token = token * 10 + ((file[at] as number) - 48);
    // An id that is left out has no bytes.
    while (starts.length <= token) starts.push(starts.at(-1) as number);
    starts.push(end);
  }
  return tableOf(bytes.slice(0, end), Uint32Array.from(starts));
}

function tableOf(bytes: Uint8Array, starts: Uint32Array): Vocabulary {
  const count = starts.length - 1;
  const mask = 2 ** Math.ceil(Math.log2(count * 2)) - 1;
  // Token + 1, so that 0 is a free slot.
  const slots = new Uint32Array(mask + 1);
  for (let token = 0; token < count; token++) {
    const [from, to] = [starts[token] as number, starts[token + 1] as number];
    if (from === to) continue;
    let slot = hashOf(bytes, from, to) & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = token + 1;
  }
  return {
    bytes,
    tokenOf(wanted, from, to) {
      for (let slot = hashOf(wanted, from, to) & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
        const token = (slots[slot] as number) - 1;
        const start = starts[token] as number;
        if ((starts[token + 1] as number) - start === to - from && same(bytes, start, wanted, from, to)) return token;
      }
      return -1;
    },
    rangeOf: (token) => ({ from: starts[token] ?? 0, to: starts[token + 1] ?? starts[token] ?? 0 }),
  };
}

/** FNV-1a, with its bits mixed once more, since a slot is its low bits. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return hash ^ (hash >>> 15);
}

function same(bytes: Uint8Array, start: number, wanted: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[start + at - from] !== wanted[at]) return false;
  return true;
}
