import type { Guard, Guarded } from "../guard/guard.ts";
import { callerExchange } from "./caller-exchange.ts";
import type { NodeExchangeOptions } from "./exchange.ts";
import type { NodeRequest, NodeResponse } from "./types.ts";

/**
 * Asks a guard about a request on Node's own objects. A visit ends by itself when the response is out, or its client has gone. Never rejects.
 */
export async function guardNodeRequest(
  guard: Guard,
  req: NodeRequest,
  res: NodeResponse & { readonly statusCode: number },
  options?: NodeExchangeOptions,
): Promise<Guarded> {
  const exchange = callerExchange(req, res, options);
  let closed = res.destroyed;
  let end: ((status: number) => void) | null = null;
  res.on("close", () => {
    closed = true;
    end?.(res.statusCode);
  });
  const guarded = await guard(exchange);
  if (guarded.visit) {
    end = guarded.visit.end;
    // It left while it was asked about.
    if (closed) end(LEFT);
  }
  return guarded;
}

const LEFT = 499;
