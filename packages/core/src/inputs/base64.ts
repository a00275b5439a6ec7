/** Finds what base64 cannot contain. One character class and no repetition: linear, whatever it is given. */
const OTHER = /[^A-Za-z0-9+/]/g;
const PADDING = 0x3d;
const CHARACTERS_PER_GROUP = 4;
const BYTES_PER_GROUP = 3;

/** How many bytes the base64 from `start` to the end of `text` stands for; `null` when it is not base64. */
export function base64ByteLength(text: string, start = 0): number | null {
  let end = text.length;
  for (let padding = 0; padding < 2 && end > start && text.charCodeAt(end - 1) === PADDING; padding++) end--;
  if ((text.length - start) % CHARACTERS_PER_GROUP !== 0) return null;
  OTHER.lastIndex = start;
  const other = OTHER.exec(text);
  if (other && other.index < end) return null;
  return Math.floor(((end - start) * BYTES_PER_GROUP) / CHARACTERS_PER_GROUP);
}

/** The first `maxBytes` bytes, rounded up to whole groups, of what base64 stands for; `null` when it does not begin as base64. */
export function base64Head(text: string, start: number, maxBytes: number): Uint8Array | null {
  const groups = Math.ceil(maxBytes / BYTES_PER_GROUP);
  const head = text.slice(start, start + groups * CHARACTERS_PER_GROUP);
  return base64ByteLength(head) === null ? null : bytesOf(atob(head));
}

function bytesOf(binary: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

const CHUNK = 0x8000;

export function base64Of(bytes: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < bytes.length; i += CHUNK) binary += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  return btoa(binary);
}

/** For texts: without padding, and with nothing in it that a URL or a header would mind. */
export function base64UrlOf(bytes: Uint8Array): string {
  return base64Of(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The bytes of such a text; `null` when it is none. */
export function base64UrlBytes(text: string): Uint8Array<ArrayBuffer> | null {
  const plain = text.replaceAll("-", "+").replaceAll("_", "/");
  const padded = plain.padEnd(Math.ceil(plain.length / CHARACTERS_PER_GROUP) * CHARACTERS_PER_GROUP, "=");
  return base64ByteLength(padded) === null ? null : bytesOf(atob(padded));
}
