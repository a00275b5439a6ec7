import type { Operation } from "@outlet/core";
import fc, { type Arbitrary } from "fast-check";
import { validBody } from "./bodies.ts";

const encoder = new TextEncoder();
const BAD_UTF8 = [
  [0xff],
  [0xc3],
  [0xc0, 0x80],
  [0xed, 0xa0, 0x80],
  [0xf0, 0x9f, 0x98],
  [0xf8, 0x88, 0x80, 0x80, 0x80],
  [0x80],
];
const BOMS = [
  [0xef, 0xbb, 0xbf],
  [0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf],
  [0xfe, 0xff],
  [0xff, 0xfe],
  [0xef, 0xbb],
];
const NOISE = ["\u0000", " ", "\n", "\u2028", "\u00a0", "{", "}", "[", '"', "\\", ",", ":", "é", "😀"];

/** Bytes that are a body no more, or were none: cut off, invalid UTF-8 anywhere, byte order marks, other encodings, noise. */
export function brokenBytes(operation: Operation): Arbitrary<Uint8Array> {
  const whole = validBody(operation).map((body) => encoder.encode(JSON.stringify(body)));
  const spliced = (pieces: Arbitrary<readonly number[]>) =>
    fc
      .tuple(whole, fc.nat(), fc.nat({ max: 2 }), pieces)
      .map(([bytes, at, removed, piece]) => splice(bytes, at % (bytes.length + 1), removed, piece));
  return fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.tuple(whole, fc.nat()).map(([bytes, at]) => bytes.slice(0, at % bytes.length)),
    spliced(fc.constantFrom(...BAD_UTF8)),
    spliced(fc.uint8Array({ minLength: 1, maxLength: 4 }).map((bytes) => [...bytes])),
    spliced(fc.constantFrom(...NOISE).map((text) => [...encoder.encode(text)])),
    fc.tuple(whole, fc.constantFrom(...BOMS)).map(([bytes, bom]) => splice(bytes, 0, 0, bom)),
    whole.map((bytes) => splice(bytes, bytes.length, 0, [...bytes])),
    whole.map((bytes) => new Uint8Array(Buffer.from(new TextDecoder().decode(bytes), "utf16le"))),
  );
}

function splice(bytes: Uint8Array, at: number, removed: number, piece: readonly number[]): Uint8Array {
  return Uint8Array.from([...bytes.subarray(0, at), ...piece, ...bytes.subarray(at + removed)]);
}

/** Ways to cut bytes into chunks, inside characters, too. */
export const cuts: Arbitrary<readonly number[]> = fc.array(fc.nat(), { maxLength: 6 });

export function chunked(bytes: Uint8Array, at: readonly number[]): Uint8Array[] {
  const points = [...new Set(at.map((point) => point % (bytes.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...points].map((from, i) => bytes.slice(from, points[i] ?? bytes.length));
}
