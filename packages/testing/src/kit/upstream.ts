import type { ForwardReply } from "@outlet/core";

type Chunk = Record<string, unknown>;

const CHUNK = { id: "chatcmpl-upstream-1", object: "chat.completion.chunk", created: 1_700_000_000, model: "up-1" };

/** A chunk as a far side writes it; fields that the protocol does not have show whether bytes are handed on. */
export function upstreamChunk(content: string, more: Chunk = {}): Chunk {
  const choices = [{ index: 0, delta: { content }, logprobs: null, finish_reason: null, x_vendor: { keep: 1.0 } }];
  return { ...CHUNK, choices, ...more };
}

export const UPSTREAM_USAGE = { prompt_tokens: 21, completion_tokens: 4, total_tokens: 25 };
export const USAGE_CHUNK: Chunk = { ...CHUNK, choices: [], usage: UPSTREAM_USAGE };

export function sse(chunk: Chunk): string {
  return `data: ${JSON.stringify(chunk)}\n\n`;
}

export const DONE = "data: [DONE]\n\n";

/** A 200 whose body is an event stream of these pieces, cut where they are cut. */
export function upstreamStream(
  pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
): ForwardReply {
  return { status: 200, headers: { "content-type": "text/event-stream" }, body: iterate(pieces) };
}

async function* iterate(pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>) {
  yield* pieces;
}

export function upstreamJson(value: unknown, status = 200, headers: Record<string, string> = {}): ForwardReply {
  const body = new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
  return { status, headers: { "content-type": "application/json", ...headers }, body };
}

/** The JSON that an upstream was sent. */
export function sentBody(request: Readonly<Record<string, unknown>> | undefined): Record<string, unknown> {
  const body = request?.body;
  const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body);
  return JSON.parse(text) as Record<string, unknown>;
}
