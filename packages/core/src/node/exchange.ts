import type { Exchange } from "../http/exchange.ts";
import { nodeBody } from "./body.ts";
import type { NodeRequest } from "./types.ts";

export interface NodeExchangeOptions {
  /** URL below the mount point, query included; default: `req.url`. */
  url?: string;
  /** What `authenticate` sees as `host`; default: the request. */
  host?: unknown;
  /** What a framework's parser made of the body, where that is not on `req.body` (Fastify). */
  body?: unknown;
}

/** An exchange over Node's request. Whoever makes it cancels it when the client leaves. */
export function nodeExchange(req: NodeRequest, options: NodeExchangeOptions = {}): Exchange {
  const url = options.url ?? req.url ?? "/";
  const queryAt = url.indexOf("?");
  const controller = new AbortController();
  return {
    method: req.method ?? "GET",
    path: queryAt < 0 ? url : url.slice(0, queryAt),
    search: queryAt < 0 ? "" : url.slice(queryAt + 1),
    get originalPath() {
      return (req.originalUrl ?? url).split("?", 1)[0] as string;
    },
    header(name) {
      const value = req.headers[name];
      return Array.isArray(value) ? value.join(", ") : value;
    },
    body: nodeBody(req, options.body),
    signal: controller.signal,
    cancel: () => controller.abort(),
    host: options.host ?? req,
  };
}
