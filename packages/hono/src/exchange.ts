import { bodyTooLarge, type Exchange, webExchange } from "@outlet/core";
import type { Context } from "hono";

/**
 * An exchange over Hono's context. The body is read through `c.req`, which gives it out again when middleware in front has
 * read it already, and which `@hono/node-server` answers from Node's own stream without making a web one.
 */
export function contextExchange(c: Context, path: string): Exchange {
  const exchange = webExchange(c.req.raw, { path, host: c });
  const inPieces = exchange.body;
  return {
    ...exchange,
    body: {
      // What `c.req` keeps are the client's own bytes: no reader of Hono's decodes a `content-encoding`.
      taken: false,
      stream: () => inPieces.stream(),
      async bytes(limit) {
        const length = c.req.header("content-length");
        const read = c.req.raw.bodyUsed;
        // A body of unknown length is counted while it is read.
        if (length === undefined && !read) return inPieces.bytes(limit);
        if (Number(length) > limit) throw bodyTooLarge(limit);
        const bytes = await c.req.arrayBuffer().catch((error: unknown) => {
          // A body that breaks off has lost its client; one that nobody kept a copy of is a fault of the host's.
          if (!read) exchange.cancel();
          throw error;
        });
        if (bytes.byteLength > limit) throw bodyTooLarge(limit);
        return new Uint8Array(bytes);
      },
    },
  };
}
