import type { Exchange, Reply } from "@outlet/core";
import { writeReply } from "@outlet/core/node";
import type { Outgoing } from "./node-bindings.ts";

/** By this header `@hono/node-server` knows that a response without a body has been written already. */
const ALREADY_SENT = "x-hono-already-sent";

const WRITER = Symbol("writer");

/**
 * Makes `response` write the reply's stream to Node's response, without a web stream in between. `@hono/node-server` asks
 * for the headers and then for the body, after all middleware is done: only then does writing begin, so that what
 * middleware did to the headers (or that it put another response in this one's place) still counts.
 */
export function writtenByNode(response: Response, outgoing: Outgoing, reply: Reply, exchange: Exchange): void {
  const writer = new Writer(response, outgoing, reply, exchange);
  outgoing.on("close", () => {
    if (!writer.begun || !outgoing.writableFinished) exchange.cancel();
  });
  // The server's own Response answers from a shortcut until its body has been asked for.
  void response.body;
  Object.assign(response, { [WRITER]: writer });
  Object.setPrototypeOf(response, writtenPrototype(Object.getPrototypeOf(response)));
}

class Writer {
  begun = false;
  private readonly response: Response;
  private readonly outgoing: Outgoing;
  private readonly reply: Reply;
  private readonly exchange: Exchange;

  constructor(response: Response, outgoing: Outgoing, reply: Reply, exchange: Exchange) {
    this.response = response;
    this.outgoing = outgoing;
    this.reply = reply;
    this.exchange = exchange;
  }

  begin(): null {
    if (this.begun) return null;
    this.begun = true;
    const { outgoing, reply, exchange } = this;
    const { headers, status } = this.response;
    const plain: Record<string, string> = {};
    for (const [name, value] of headers) if (name !== "set-cookie") plain[name] = value;
    if (headers.has("set-cookie")) outgoing.setHeader("set-cookie", headers.getSetCookie());
    writeReply(outgoing, { ...reply, status, headers: plain }, exchange).catch(() => outgoing.destroy());
    headers.set(ALREADY_SENT, "true");
    return null;
  }
}

const WRITTEN: PropertyDescriptorMap & ThisType<{ [WRITER]: Writer }> = {
  body: {
    get() {
      return this[WRITER].begin();
    },
  },
  // A body in use: Hono changes such a response's headers in place where it would make a new response otherwise.
  bodyUsed: { value: true },
};

let written: object = Object.create(null);

/**
 * The platform's prototype with another body, once for all responses: a getter on each of them would give each a hidden class of its
 * own. The server puts its own `Response` in place of the platform's when it starts.
 */
function writtenPrototype(base: object): object {
  if (Object.getPrototypeOf(written) !== base) written = Object.create(base, WRITTEN);
  return written;
}
