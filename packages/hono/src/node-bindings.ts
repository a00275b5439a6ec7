import type { NodeRequest, NodeResponse } from "@outlet/core/node";
import type { Context } from "hono";

/** Node's response, as far as it is used here. */
export interface Outgoing extends NodeResponse {
  setHeader(name: string, value: string[]): unknown;
}

export interface Incoming extends NodeRequest {
  readonly readableFlowing: boolean | null;
}

export interface NodeBindings {
  readonly incoming: Incoming;
  readonly outgoing: Outgoing;
}

/** By which `@hono/node-server` keeps Node's request in its own: found once, the same for all. */
let incomingKey: symbol | undefined;

/**
 * Node's own request and response, when `@hono/node-server` made this very request from them. A request that a handler
 * makes inside its own (`app.request(path, init, c.env)`) has the outer one's bindings: it must not touch them.
 */
export function nodeBindings(c: Context): NodeBindings | undefined {
  const { incoming, outgoing } = (c.env ?? {}) as Partial<NodeBindings>;
  if (!incoming || typeof outgoing?.writeHead !== "function" || outgoing.headersSent) return undefined;
  const request = c.req.raw as unknown as Record<symbol, unknown>;
  if (incomingKey === undefined || request[incomingKey] !== incoming) {
    incomingKey = Object.getOwnPropertySymbols(request).find((key) => request[key] === incoming);
  }
  return incomingKey === undefined ? undefined : { incoming, outgoing };
}

/** True when nobody reads a request's body, has read it, or is about to. */
export function untouched({ readableFlowing, readableDidRead }: Incoming): boolean {
  return readableFlowing === null && !readableDidRead;
}
