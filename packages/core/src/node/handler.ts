import { type Exchange, isByteStream, type Reply } from "../http/exchange.ts";
import type { Outlet } from "../outlet.ts";
import { type NodeExchangeOptions, nodeExchange } from "./exchange.ts";
import type { NodeRequest, NodeResponse } from "./types.ts";
import { writeReply, writeWhole } from "./write.ts";

/**
 * Answers one request on Node's own objects with what `work` makes of it; nothing of the web's `Request`, `Response` or
 * streams is made on the way. Resolves when the reply is written; rejects as `work` does, and when not even the head
 * can be written.
 *
 * The work is cancelled when its reply has no reader: the client has left, or a timeout of the host's has answered. The
 * response tells; the request's own `close` comes as soon as its body is read and says nothing.
 */
export async function answerNodeRequest(
  req: NodeRequest,
  res: NodeResponse,
  work: (exchange: Exchange) => Promise<Reply>,
  options?: NodeExchangeOptions,
): Promise<void> {
  const exchange = nodeExchange(req, options);
  let replied = false;
  if (res.destroyed) exchange.cancel();
  else
    res.on("close", () => {
      if (!replied || !res.writableFinished) exchange.cancel();
    });
  const reply = await work(exchange);
  replied = true;
  if (isByteStream(reply.body)) await writeReply(res, reply, exchange);
  else writeWhole(res, reply, reply.body, exchange);
}

/** Answers one request with an outlet. Rejects only when not even the head can be written: a fault of the host's. */
export function handleNodeRequest(
  outlet: Pick<Outlet, "handle">,
  req: NodeRequest,
  res: NodeResponse,
  options?: NodeExchangeOptions,
): Promise<void> {
  return answerNodeRequest(req, res, outlet.handle, options);
}

/** A listener for `http.createServer`. */
export function nodeListener(outlet: Pick<Outlet, "handle">): (req: NodeRequest, res: NodeResponse) => void {
  return (req, res) => void handleNodeRequest(outlet, req, res).catch(() => res.destroy());
}
