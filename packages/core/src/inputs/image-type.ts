/** The image formats of https://platform.openai.com/docs/guides/images-vision */
export type ImageType = "png" | "jpeg" | "gif" | "webp";

/** Bytes that `imageType` has to see. */
export const IMAGE_TYPE_BYTES = 12;

/** What an image is, by its first bytes: what a sender says of it may be wrong. `null` for anything else. */
export function imageType(bytes: Uint8Array): ImageType | null {
  if (starts(bytes, 0, 0x89, 0x50, 0x4e, 0x47)) return "png";
  if (starts(bytes, 0, 0xff, 0xd8, 0xff)) return "jpeg";
  if (ascii(bytes, 0, 6) === "GIF87a" || ascii(bytes, 0, 6) === "GIF89a") return "gif";
  if (ascii(bytes, 0, 4) === "RIFF" && ascii(bytes, 8, 12) === "WEBP") return "webp";
  return null;
}

function starts(bytes: Uint8Array, at: number, ...expected: number[]): boolean {
  return expected.every((byte, i) => bytes[at + i] === byte);
}

export function ascii(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}
