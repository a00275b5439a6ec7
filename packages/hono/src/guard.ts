import type { Caller, Exchange, GuardOptions, Outlet, Visit } from "@outlet/core";
import type { Context, Env, MiddlewareHandler, Next } from "hono";
import { contextExchange } from "./exchange.ts";
import { nodeBindings, type Outgoing } from "./node-bindings.ts";
import { respond } from "./respond.ts";

/** What `outletGuard()` adds to a context. */
export interface OutletEnv extends Env {
  Variables: {
    /** Who sent this request, as the outlet knows them. */
    outlet: Caller;
  };
}

/**
 * Middleware that lets in whom the outlet would let in, by its own `keys`, `authenticate` and issued keys, and sets `c.var.outlet`. Everybody
 * else is answered as the API does. With a `meter`, the route is limited and accounted for as a model is.
 *
 * ```ts
 * const api = outlet({ models, keys, limits: { routes: { reports: { requestsPerMinute: 10 } } } });
 * app.route("/v1", api).post("/reports", outletGuard(api, { meter: "reports" }), (c) => c.json({ for: c.var.outlet.principal.id }));
 * ```
 *
 * @throws TypeError for bad options
 */
export function outletGuard(
  { outlet }: { readonly outlet: Outlet },
  options?: GuardOptions,
): MiddlewareHandler<OutletEnv> {
  const guard = outlet.guard(options);
  return async (c, next) => {
    const node = nodeBindings(c);
    const exchange = contextExchange(c, c.req.path, node);
    let left = false;
    node?.outgoing.on("close", () => {
      left = !node.outgoing.writableFinished;
      if (left) exchange.cancel();
    });
    const { visit, refusal } = await guard(exchange);
    if (!visit) return respond(c, refusal, exchange, node?.outgoing);
    for (const [name, value] of Object.entries(visit.headers)) c.header(name, value);
    c.set("outlet", visit.caller);
    await visited(c, next, { visit, exchange, outgoing: node?.outgoing });
    return undefined;
  };
}

interface Visited {
  readonly visit: Visit;
  readonly exchange: Exchange;
  readonly outgoing: Outgoing | undefined;
}

/** Runs the route, and says how it ended: when its last byte is out. */
async function visited(c: Context, next: Next, { visit, exchange, outgoing }: Visited): Promise<void> {
  try {
    await visit.run(next);
  } catch (error) {
    visit.end(500);
    throw error;
  }
  if (!visit.metered) return;
  const { status, body } = c.res;
  if (outgoing && !outgoing.destroyed) outgoing.on("close", () => visit.end(status));
  else if (outgoing || body === null) visit.end(status);
  else {
    const response = new Response(
      withEnd(body, (left) => {
        if (left) exchange.cancel();
        visit.end(status);
      }),
      c.res,
    );
    // Hono would merge the headers of the old response into the new one's.
    c.res = undefined;
    c.res = response;
  }
}

/** The same bytes, with `ended` called when they are out, or nobody wants the rest. */
function withEnd(body: ReadableStream<Uint8Array>, ended: (left: boolean) => void): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (!done) return controller.enqueue(value);
          controller.close();
          ended(false);
        } catch (error) {
          ended(true);
          controller.error(error);
        }
      },
      async cancel(reason) {
        ended(true);
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
