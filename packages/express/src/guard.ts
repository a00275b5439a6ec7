import type { Caller, GuardOptions, Outlet, Visit } from "@outlet/core";
import { guardNodeRequest } from "@outlet/core/node";
import type { NextFunction, Request, RequestHandler, Response } from "express";
import { answer } from "./answer.ts";

declare global {
  namespace Express {
    interface Request {
      /** Who sent this request, as the outlet knows them; there behind `outletGuard()`. */
      readonly outlet: Caller;
    }
  }
}

/**
 * Middleware that lets in whom the outlet would let in, by its own `keys`, `authenticate` and issued keys, and puts `req.outlet` on their
 * requests. Everybody else is answered as the API does. With a `meter`, the route is limited and accounted for as a model is.
 *
 * ```ts
 * const api = outlet({ models, keys, limits: { routes: { reports: { requestsPerMinute: 10 } } } });
 * app.use("/v1", api);
 * app.post("/reports", outletGuard(api, { meter: "reports" }), (req, res) => res.json({ for: req.outlet.principal.id }));
 * ```
 *
 * @throws TypeError for bad options
 */
export function outletGuard({ outlet }: { readonly outlet: Outlet }, options?: GuardOptions): RequestHandler {
  const guard = outlet.guard(options);
  return (req, res, next) => {
    guardNodeRequest(guard, req, res)
      .then(({ visit, refusal }) => {
        if (visit) enter(visit, req, res, next);
        else answer(req, res, next, async () => refusal);
      })
      .catch(next);
  };
}

function enter({ caller, headers, run }: Visit, req: Request, res: Response, next: NextFunction): void {
  if (res.headersSent) return;
  // The host's own request id, for instance, stays.
  for (const [name, value] of Object.entries(headers)) if (!res.hasHeader(name)) res.setHeader(name, value);
  Object.assign(req, { outlet: caller });
  run(next);
}
