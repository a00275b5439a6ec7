import type { Exchange, Reply } from "@outlet/core";
import { type NodeResponse, writeReply } from "@outlet/core/node";
import type { Context } from "hono";

/** Node's response, as far as it is used here. */
export interface Outgoing extends NodeResponse {
  setHeader(name: string, value: string[]): unknown;
}

/** By this header `@hono/node-server` knows that a response without a body has been written already. */
const ALREADY_SENT = "x-hono-already-sent";

/**
 * Node's own response, when `@hono/node-server` made this very request from it. A request that a handler makes inside its
 * own (`app.request(path, init, c.env)`) has the outer one's bindings: it must not write into the outer one's response.
 */
export function nodeOutgoing(c: Context): Outgoing | undefined {
  const { incoming, outgoing } = (c.env ?? {}) as { incoming?: unknown; outgoing?: Outgoing };
  if (!incoming || typeof outgoing?.writeHead !== "function" || outgoing.headersSent) return undefined;
  const request = c.req.raw as unknown as Record<symbol, unknown>;
  const own = Object.getOwnPropertySymbols(request).some((key) => request[key] === incoming);
  return own ? outgoing : undefined;
}

/**
 * Makes `response` write the reply's stream to Node's response, without a web stream in between. `@hono/node-server` asks
 * for the headers and then for the body, after all middleware is done: only then does writing begin, so that what
 * middleware did to the headers (or that it put another response in this one's place) still counts.
 */
export function writtenByNode(response: Response, outgoing: Outgoing, reply: Reply, exchange: Exchange): void {
  let begun = false;
  const begin = () => {
    if (begun) return null;
    begun = true;
    const { headers } = response;
    const { "set-cookie": _, ...plain } = Object.fromEntries(headers);
    if (headers.has("set-cookie")) outgoing.setHeader("set-cookie", headers.getSetCookie());
    writeReply(outgoing, { ...reply, status: response.status, headers: plain }, exchange).catch(() =>
      outgoing.destroy(),
    );
    headers.set(ALREADY_SENT, "true");
    return null;
  };
  outgoing.on("close", () => {
    if (!begun) exchange.cancel();
  });
  // The server's own Response answers from a shortcut until its body has been asked for.
  void response.body;
  // A body in use: Hono changes such a response's headers in place where it would make a new response otherwise.
  Object.defineProperties(response, { body: { get: begin }, bodyUsed: { value: true } });
}
