import type { Exchange, Reply } from "@outlet/core";
import { writeReply } from "@outlet/core/node";
import type { Outgoing } from "./node-bindings.ts";

/** By this header `@hono/node-server` knows that a response without a body has been written already. */
const ALREADY_SENT = "x-hono-already-sent";

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
    if (!begun || !outgoing.writableFinished) exchange.cancel();
  });
  // The server's own Response answers from a shortcut until its body has been asked for.
  void response.body;
  // A body in use: Hono changes such a response's headers in place where it would make a new response otherwise.
  Object.defineProperties(response, { body: { get: begin }, bodyUsed: { value: true } });
}
