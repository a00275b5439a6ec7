import { type ByteStream, isByteStream, type Reply } from "@outlet/core";
import type { Context } from "hono";

/**
 * Workers end everything that a request has begun as soon as its client has left. To close the engine and to tell
 * `onSettle` takes a moment longer: where there is a `waitUntil`, the request's life lasts until the reply's last byte is out, or
 * nobody wants it any more.
 */
export async function untilSettled(c: Context, handled: Promise<Reply>): Promise<Reply> {
  const settled = Promise.withResolvers<void>();
  if (!waitUntil(c, settled.promise)) return handled;
  const reply = await handled;
  if (isByteStream(reply.body)) return { ...reply, body: withEnd(reply.body, settled.resolve) };
  settled.resolve();
  return reply;
}

function waitUntil(c: Context, work: Promise<void>): boolean {
  try {
    c.executionCtx.waitUntil(work);
    return true;
  } catch {
    // Hono throws where the runtime has none.
    return false;
  }
}

/** By hand: a generator that is closed before it was asked for anything does not close what it iterates. */
function withEnd(stream: ByteStream, ended: () => void): ByteStream {
  return {
    [Symbol.asyncIterator]() {
      const iterator = stream[Symbol.asyncIterator]();
      return {
        async next() {
          const result = await iterator.next();
          if (result.done) ended();
          return result;
        },
        async return() {
          await iterator.return?.();
          ended();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
