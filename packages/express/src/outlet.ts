import { createOutlet, isOutlet, type Outlet } from "@outlet/core";
import type { RequestHandler } from "express";
import { answer, pathBelowMount } from "./answer.ts";
import { coreOptions, type ExpressOutletOptions, type MountOptions } from "./options.ts";

/** The OpenAI API as a request handler: `app.use("/v1", handler)`. */
export interface OutletHandler extends RequestHandler {
  /** What answers; call its `close()` when the server shuts down. */
  readonly outlet: Outlet;
  /** True when this handler answers the path below its mount point; false when it leaves it to `next()`. */
  readonly handles: (path: string) => boolean;
}

/**
 * Mounts the OpenAI API in an Express 4 or 5 app, anywhere in it and as often as you like.
 *
 * ```ts
 * app.use("/v1", outlet({ models, keys }));
 * ```
 *
 * @throws TypeError when no model or no way in is configured.
 */
export function outlet(options: ExpressOutletOptions): OutletHandler;
/** Mounts an outlet that exists already; its `authenticate` finds the Express request in `exchange.host`. */
export function outlet(existing: Outlet, options?: MountOptions): OutletHandler;
export function outlet(source: ExpressOutletOptions | Outlet, mount: MountOptions = {}): OutletHandler {
  const existing = isOutlet(source);
  const core = existing ? source : createOutlet(coreOptions(source));
  const fallthrough = existing ? mount.fallthrough : source.fallthrough;
  const handles = (path: string) => !fallthrough || core.handles(path);

  const handler: RequestHandler = (req, res, next) => {
    if (handles(pathBelowMount(req))) answer(req, res, next, (exchange) => core.handle(exchange));
    else next();
  };
  return Object.assign(handler, { outlet: core, handles });
}
