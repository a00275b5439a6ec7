import { base64Of } from "../../inputs/base64.ts";

/** A vector as little-endian float32 in base64: what official SDKs ask for by default. */
export function float32Base64(vector: readonly number[]): string {
  const view = new DataView(new ArrayBuffer(vector.length * 4));
  for (let i = 0; i < vector.length; i++) view.setFloat32(i * 4, vector[i] as number, true);
  return base64Of(new Uint8Array(view.buffer));
}
