import type { JSONRPCMessage, RequestId } from "@modelcontextprotocol/sdk/types.js";
import { type GuardedFetch, ReplyTooLong } from "./guarded-fetch.ts";

type Fetch = GuardedFetch["fetch"];

/**
 * The same `fetch`, which tells of each request whose event stream breaks off, or ends, and may have left it without an answer: the official client
 * would wait until its time is up. Not of a stream with an event id, after which the client asks for the rest, unless it was cut off here.
 *
 * @param over told once everything has been read that came before; the request may have been answered
 */
export function tellingOfEnds(fetch: Fetch, over: (id: RequestId, cutOff: Error | null) => void): Fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    const id = requestOf(init?.body);
    const { body, headers } = response;
    if (id === undefined || !body || !headers.get("content-type")?.startsWith("text/event-stream")) return response;
    // Streams hand on in microtasks: what came before the end has been read by then.
    const stream = withEnd(body, (cutOff) => setImmediate(over, id, cutOff));
    return new Response(stream, response);
  };
}

function withEnd(body: ReadableStream<Uint8Array>, ended: (cutOff: Error | null) => void): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  // The last of what was read, for an id that comes in two pieces.
  let tail = "\n";
  let resumable = false;
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) {
          controller.close();
          if (!resumable) ended(null);
          return;
        }
        const text = tail + decoder.decode(value, { stream: true });
        resumable ||= /[\r\n]id:/.test(text);
        tail = text.slice(-3);
        controller.enqueue(value);
      } catch (error) {
        controller.error(error);
        if (error instanceof ReplyTooLong) ended(error);
        else if (!resumable) ended(null);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** The id of the request in a body, where there is one. */
function requestOf(body: RequestInit["body"]): RequestId | undefined {
  if (typeof body !== "string") return undefined;
  const message: JSONRPCMessage = JSON.parse(body);
  return "method" in message && "id" in message ? message.id : undefined;
}
