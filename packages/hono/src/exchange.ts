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
      get taken() {
        return c.req.raw.bodyUsed;
      },
      stream: () => inPieces.stream(),
      async bytes(limit) {
        const length = c.req.header("content-length");
        const taken = c.req.raw.bodyUsed;
        // A body of unknown length is counted while it is read.
        if (length === undefined && !taken) return inPieces.bytes(limit);
        if (Number(length) > limit) throw bodyTooLarge(limit);
        try {
          return new Uint8Array(await c.req.arrayBuffer());
        } catch (error) {
          // A body that breaks off has lost its client; one that nobody kept a copy of is a fault of the host's.
          if (!taken) exchange.cancel();
          throw error;
        }
      },
    },
  };
}
