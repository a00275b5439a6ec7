import { Cancellation } from "../http/cancellation.ts";
import type { Exchange, RequestBody } from "../http/exchange.ts";
import { nodeBody } from "./body.ts";
import type { NodeRequest } from "./types.ts";

export interface NodeExchangeOptions {
  /** URL below the mount point, query included; default: `req.url`. */
  url?: string;
  /** URL as the client sent it; default: `req.originalUrl`, else the URL. */
  originalUrl?: string;
  /** What `authenticate` sees as `host`; default: the request. */
  host?: unknown;
  /** What a framework's parser made of the body, where that is not on `req.body` (Fastify). */
  body?: unknown;
}

/** An exchange over Node's request. Whoever makes it cancels it when the client leaves. */
export function nodeExchange(req: NodeRequest, options: NodeExchangeOptions = {}): Exchange {
  return new NodeExchange(req, options);
}

/**
 * A class for its prototype: an object literal with accessors gets a hidden class of its own every time, and that keeps
 * what its accessors close over, here a whole request, alive until the next full collection.
 */
class NodeExchange implements Exchange {
  readonly method: string;
  readonly path: string;
  readonly search: string;
  readonly body: RequestBody;
  readonly cancellation = new Cancellation();
  readonly host: unknown;
  private readonly req: NodeRequest;
  private readonly originalUrl: string;

  constructor(req: NodeRequest, options: NodeExchangeOptions) {
    const url = options.url ?? req.url ?? "/";
    const queryAt = url.indexOf("?");
    this.req = req;
    this.originalUrl = options.originalUrl ?? req.originalUrl ?? url;
    this.method = req.method ?? "GET";
    this.path = queryAt < 0 ? url : url.slice(0, queryAt);
    this.search = queryAt < 0 ? "" : url.slice(queryAt + 1);
    this.body = nodeBody(req, options.body);
    this.host = options.host ?? req;
  }

  get originalPath(): string {
    const queryAt = this.originalUrl.indexOf("?");
    return queryAt < 0 ? this.originalUrl : this.originalUrl.slice(0, queryAt);
  }

  get signal(): AbortSignal {
    return this.cancellation.signal;
  }

  cancel(): void {
    this.cancellation.abort();
  }

  header(name: string): string | undefined {
    const value = this.req.headers[name];
    return Array.isArray(value) ? value.join(", ") : value;
  }
}
