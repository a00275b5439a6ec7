/** Joins chunks; a single one is handed back as it is. */
export function concatBytes(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0] as Uint8Array;
  const whole = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

const BLOCK_BYTES = 16_384;
const blocks = new WeakSet<ArrayBufferLike>();
let block = new Uint8Array(0);
let used = 0;

/**
 * Bytes to be filled, a part of a block where they are few: to make each its own memory, and to collect that again, takes longer than
 * filling it. What is in them is not defined.
 */
export function newBytes(length: number): Uint8Array {
  if (length > BLOCK_BYTES / 8) return new Uint8Array(length);
  if (used + length > block.length) {
    block = new Uint8Array(BLOCK_BYTES);
    blocks.add(block.buffer);
    used = 0;
  }
  used += length;
  return block.subarray(used - length, used);
}

/** The same bytes, in memory that is theirs alone: whoever is given a part of a block may give the block away, with what others have in it. */
export function inOwnMemory(bytes: Uint8Array): Uint8Array {
  return blocks.has(bytes.buffer) ? new Uint8Array(bytes) : bytes;
}
