import type { Outlet } from "../outlet.ts";
import { type NodeExchangeOptions, nodeExchange } from "./exchange.ts";
import type { NodeRequest, NodeResponse } from "./types.ts";
import { writeReply } from "./write.ts";

/**
 * Answers one request on Node's own objects; nothing of the web's `Request`, `Response` or streams is made on the way.
 * Resolves when the reply is written. Never rejects.
 */
export async function handleNodeRequest(
  outlet: Pick<Outlet, "handle">,
  req: NodeRequest,
  res: NodeResponse,
  options?: NodeExchangeOptions,
): Promise<void> {
  const exchange = nodeExchange(req, res, options);
  await writeReply(res, await outlet.handle(exchange), exchange);
}

/** A listener for `http.createServer`. */
export function nodeListener(outlet: Pick<Outlet, "handle">): (req: NodeRequest, res: NodeResponse) => void {
  return (req, res) => void handleNodeRequest(outlet, req, res);
}
