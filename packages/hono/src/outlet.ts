import { createOutlet, isOutlet, type Outlet } from "@outlet/core";
import { type Context, type Env, type Handler, Hono, type Next } from "hono";
import { basePath, baseRoutePath } from "hono/route";
import { contextExchange } from "./exchange.ts";
import { untilSettled } from "./lifetime.ts";
import { nodeBindings } from "./node-bindings.ts";
import { coreOptions, type HonoOutletOptions, type MountOptions } from "./options.ts";
import { ownRoutes } from "./own-routes.ts";
import { isAlone, respond, respondAlone } from "./respond.ts";
import type { OutletSchema } from "./schema.ts";

/** The OpenAI API as a Hono app, typed for `hc`: `app.route("/v1", outletApp)`. */
export type OutletApp<E extends Env = Env> = Hono<E, OutletSchema, "/"> & {
  /** What answers; call its `close()` when the server shuts down. */
  readonly outlet: Outlet;
};

/**
 * Mounts the OpenAI API in a Hono app, anywhere in it and as often as you like.
 *
 * ```ts
 * app.route("/v1", outlet({ models, keys }));
 * ```
 *
 * @throws TypeError when no model or no way in is configured.
 */
export function outlet<E extends Env = Env>(options: HonoOutletOptions<E>): OutletApp<E>;
/** Mounts an outlet that exists already; its `authenticate` finds the context in `exchange.host`. */
export function outlet<E extends Env = Env>(existing: Outlet, options?: MountOptions): OutletApp<E>;
export function outlet<E extends Env = Env>(
  source: HonoOutletOptions<E> | Outlet,
  options: MountOptions = {},
): OutletApp<E> {
  const existing = isOutlet(source);
  const core = existing ? source : createOutlet(coreOptions(source));
  const { fallthrough = false, raw = true } = existing ? options : source;

  const handler = async (c: Context, next: Next): Promise<Response | undefined> => {
    const path = pathBelowMount(c);
    if (fallthrough && !core.handles(path)) {
      await next();
      return;
    }
    const node = nodeBindings(c);
    const exchange = contextExchange(c, path, raw ? node : undefined);
    // A response that closes before there is a reply has no reader: the client has left, or a timeout of the host's has answered.
    let replied = false;
    node?.outgoing.on("close", () => {
      if (!replied) exchange.cancel();
    });
    const handled = core.handle(exchange);
    // Node's server ends nothing by itself; to ask Hono for a `waitUntil` that is not there costs an exception.
    const reply = await (node ? handled : untilSettled(c, handled));
    replied = true;
    const answer = isAlone(c, handler as Handler) ? respondAlone : respond;
    return answer(c, reply, exchange, raw ? node?.outgoing : undefined);
  };

  const app = new Hono<E, OutletSchema, "/">();
  for (const { method, path } of ownRoutes(core.operations)) app.on(method, path, handler);
  app.all("*", handler);
  return Object.assign(app, { outlet: core });
}

/** The path that is left when the mount point, with whatever parameters it has, is taken off. */
function pathBelowMount(c: Context): string {
  const pattern = baseRoutePath(c);
  if (pattern === "/") return c.req.path;
  // `basePath` keeps what it has found in a `WeakMap`, which is dear for every request: only for mounts with parameters.
  const mount = /[:*]/.test(pattern) ? basePath(c) : pattern;
  return c.req.path.slice(mount.length) || "/";
}
