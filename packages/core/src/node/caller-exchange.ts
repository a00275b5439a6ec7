import type { Exchange } from "../http/exchange.ts";
import { type NodeExchangeOptions, nodeExchange } from "./exchange.ts";
import type { NodeRequest, NodeResponse } from "./types.ts";

/** A request of the host's own, as far as it says who sent it and whether they are still there: for `outlet.asCallerOf`. */
export function callerExchange(req: NodeRequest, res: NodeResponse, options?: NodeExchangeOptions): Exchange {
  const exchange = nodeExchange(req, options);
  if (res.destroyed) exchange.cancel();
  else {
    res.on("close", () => {
      if (!res.writableFinished) exchange.cancel();
    });
  }
  return exchange;
}
