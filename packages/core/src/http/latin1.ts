type Slice = (this: Uint8Array, from: number, to: number) => string;

/** Node's own, reached without an import so that core stays free of `node:`; other runtimes may have none. */
declare const Buffer: { prototype?: { latin1Slice?: Slice } } | undefined;

const decoder = new TextDecoder("latin1");
const slice = sliceOfNode();

/**
 * Bytes as text of a character each, so that positions in the text are positions in the bytes. For text that is searched for ASCII and
 * nothing else: above it, runtimes differ.
 */
export function latin1(bytes: Uint8Array): string {
  return slice === null ? decoder.decode(bytes) : slice.call(bytes, 0, bytes.length);
}

/** Twice as fast as the platform's decoder, which is written in JavaScript there. */
function sliceOfNode(): Slice | null {
  const own = typeof Buffer === "function" ? (Buffer as { prototype?: { latin1Slice?: Slice } }).prototype : undefined;
  const found = own?.latin1Slice;
  try {
    return found?.call(new Uint8Array([0x61, 0x62]), 0, 2) === "ab" ? found : null;
  } catch {
    return null;
  }
}
