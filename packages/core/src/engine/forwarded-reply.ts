import type { ApiError } from "../errors/api-error.ts";
import { engineFailed } from "../errors/catalogue.ts";
import { upstreamError } from "../errors/upstream.ts";
import { concatBytes } from "../http/bytes.ts";
import { isByteStream } from "../http/exchange.ts";
import { readEvents, type ServerSentEvent } from "../http/sse-reader.ts";
import type { ForwardReply } from "./engine.ts";

// Replies of far sides that core has to read, and not only to hand on.

const MAX_EVENT_LENGTH = 8 * 1024 * 1024;
const encoder = new TextEncoder();

export async function textOf({ body }: ForwardReply): Promise<string> {
  if (!isByteStream(body)) return new TextDecoder().decode(body);
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(typeof piece === "string" ? encoder.encode(piece) : piece);
  return new TextDecoder().decode(concatBytes(pieces));
}

export async function* eventsOf({ body }: ForwardReply): AsyncGenerator<ServerSentEvent> {
  const bytes = isByteStream(body) ? body : whole(body);
  try {
    yield* readEvents(bytes, MAX_EVENT_LENGTH);
  } catch (error) {
    throw error instanceof RangeError ? engineFailed("The upstream sent an event that is too large.", error) : error;
  }
}

async function* whole(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
}

export function parsed<T extends object>(json: string): T {
  let value: T | null;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw engineFailed("The upstream's reply is not valid JSON.", cause);
  }
  if (typeof value !== "object" || value === null) throw engineFailed("The upstream's reply is not a JSON object.");
  return value;
}

/** What an upstream says of its error under a 200, in its own words. */
export function reportedError(json: string): Promise<ApiError> {
  return upstreamError({ status: 502, headers: {}, body: encoder.encode(json) });
}
