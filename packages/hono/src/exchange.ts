import { bodyTooLarge, type Cancellation, type Exchange, type RequestBody, webExchange } from "@outlet/core";
import { nodeExchange } from "@outlet/core/node";
import type { Context } from "hono";
import { type NodeBindings, untouched } from "./node-bindings.ts";

/** An exchange over Hono's context: over Node's own request where there is one that nobody has begun to read. */
export function contextExchange(c: Context, path: string, node: NodeBindings | undefined): Exchange {
  if (!node || !untouched(node.incoming)) return new ContextExchange(c, path);
  const { incoming } = node;
  const query = (incoming.url ?? "").indexOf("?");
  const url = query < 0 ? path : path + incoming.url?.slice(query);
  return nodeExchange(incoming, { url, originalUrl: c.req.path, host: c });
}

/**
 * The body is read through `c.req`, which gives it out again when middleware in front has read it already, and which
 * `@hono/node-server` answers from Node's own stream without making a web one.
 */
class ContextExchange implements Exchange {
  readonly body: RequestBody;
  private readonly web: Exchange;

  constructor(c: Context, path: string) {
    this.web = webExchange(c.req.raw, { path, host: c });
    this.body = contextBody(c, this.web);
  }

  get method(): string {
    return this.web.method;
  }

  get path(): string {
    return this.web.path;
  }

  get search(): string {
    return this.web.search;
  }

  get originalPath(): string {
    return this.web.originalPath;
  }

  get host(): unknown {
    return this.web.host;
  }

  get cancellation(): Cancellation {
    return this.web.cancellation;
  }

  get signal(): AbortSignal {
    return this.web.signal;
  }

  header(name: string): string | undefined {
    return this.web.header(name);
  }

  cancel(): void {
    this.web.cancel();
  }
}

function contextBody(c: Context, { body: inPieces, cancellation }: Exchange): RequestBody {
  return {
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
        if (!read) cancellation.abort();
        throw error;
      });
      if (bytes.byteLength > limit) throw bodyTooLarge(limit);
      return new Uint8Array(bytes);
    },
  };
}
