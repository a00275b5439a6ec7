import type { ApiError } from "../errors/api-error.ts";
import { bodyTooLarge, invalidRequest } from "../errors/catalogue.ts";
import { concatBytes } from "./bytes.ts";
import { type PartHead, partHead } from "./multipart-head.ts";

export interface MultipartLimits {
  /** Bytes of the whole body. */
  maxBytes: number;
  /** Number of parts; default: 128. */
  maxParts?: number;
}

export interface MultipartPart extends PartHead {
  /** The part's bytes as they arrive. What is not read before the next part is skipped. */
  readonly body: AsyncIterable<Uint8Array>;
}

type Event = PartHead | Uint8Array | "end";

const MAX_HEAD_BYTES = 16_384;
const CR = 0x0d;
const encoder = new TextEncoder();
const CRLF = encoder.encode("\r\n");
const BLANK_LINE = encoder.encode("\r\n\r\n");
const CLOSING = encoder.encode("--");

/**
 * Reads a `multipart/form-data` body part by part, in the client's order, holding little more than a chunk of it. The
 * source is read only as fast as the parts are.
 * @throws ApiError 400 for a body that is malformed or cut off, 413 for one over a limit
 */
export async function* readMultipart(
  contentType: string,
  source: AsyncIterable<Uint8Array>,
  limits: MultipartLimits,
): AsyncGenerator<MultipartPart> {
  const events = parse(boundaryOf(contentType), source, limits);
  try {
    for (let next = await events.next(); !next.done; next = await events.next()) {
      if (next.value === "end" || next.value instanceof Uint8Array) continue;
      yield { ...next.value, body: partBody(events) };
    }
  } finally {
    await events.return(undefined);
  }
}

async function* partBody(events: AsyncGenerator<Event>): AsyncGenerator<Uint8Array> {
  for (let next = await events.next(); next.value instanceof Uint8Array; next = await events.next()) yield next.value;
}

async function* parse(
  boundary: string,
  source: AsyncIterable<Uint8Array>,
  limits: MultipartLimits,
): AsyncGenerator<Event> {
  const delimiter = encoder.encode(`\r\n--${boundary}`);
  const { maxBytes, maxParts = 128 } = limits;
  let state: "preamble" | "delimiter" | "head" | "data" | "done" = "preamble";
  let size = 0;
  let parts = 0;
  // The body may begin with its first delimiter, which then lacks the line break that the others have.
  let held: Uint8Array = CRLF;

  for await (const chunk of source) {
    size += chunk.length;
    if (size > maxBytes) throw bodyTooLarge(maxBytes);
    if (state === "done") continue;
    held = held.length > 0 ? concatBytes([held, chunk]) : chunk;
    while (true) {
      if (state === "preamble" || state === "data") {
        const at = indexOf(held, delimiter);
        const data = held.subarray(0, at < 0 ? Math.max(0, held.length - delimiter.length + 1) : at);
        if (state === "data" && data.length > 0) yield data;
        held = held.subarray(at < 0 ? data.length : at + delimiter.length);
        if (at < 0) break;
        if (state === "data") yield "end";
        state = "delimiter";
      } else if (state === "delimiter") {
        if (held.length < CLOSING.length) break;
        if (startsWith(held, CLOSING)) {
          state = "done";
          break;
        }
        if (!startsWith(held, CRLF)) throw malformed("A boundary is not followed by a line break.");
        state = "head";
      } else {
        const at = indexOf(held, BLANK_LINE);
        if (at < 0 && held.length <= MAX_HEAD_BYTES) break;
        if (at < 0 || at > MAX_HEAD_BYTES) throw malformed("A part's headers are too large.");
        parts += 1;
        if (parts > maxParts) throw malformed(`It has more than ${maxParts} parts.`);
        const head = partHead(new TextDecoder().decode(held.subarray(CRLF.length, at)));
        if (!head) throw malformed("A part has no name.");
        yield head;
        held = held.subarray(at + BLANK_LINE.length);
        state = "data";
      }
    }
  }
  if (state !== "done") throw malformed("It ended before its closing boundary.");
}

function boundaryOf(contentType: string): string {
  const found = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType);
  const boundary = found?.[1] ?? found?.[2];
  if (boundary === undefined) throw malformed("Its content type names no boundary.");
  return boundary;
}

function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return prefix.every((byte, i) => bytes[i] === byte);
}

/** `pattern` begins with a carriage return, which is rare enough in most bodies to be searched for natively. */
function indexOf(bytes: Uint8Array, pattern: Uint8Array): number {
  for (let at = bytes.indexOf(CR); at >= 0; at = bytes.indexOf(CR, at + 1)) {
    if (at + pattern.length > bytes.length) return -1;
    let matched = 1;
    while (matched < pattern.length && bytes[at + matched] === pattern[matched]) matched += 1;
    if (matched === pattern.length) return at;
  }
  return -1;
}

function malformed(detail: string): ApiError {
  return invalidRequest(`We could not parse the multipart body of your request. ${detail}`);
}
