import type { ErrorRequestHandler } from "express";
import { answer, pathBelowMount } from "./answer.ts";
import { hostError } from "./host-error.ts";
import type { OutletHandler } from "./outlet.ts";

/**
 * Answers what went wrong in front of the outlet in OpenAI's envelope. When `express.json()` or a guard fails, Express
 * skips every normal handler, the outlet too; mount this one behind it, at the same path:
 *
 * ```ts
 * const api = outlet({ models, keys });
 * app.use(express.json());
 * app.use("/v1", api, outletErrorHandler(api));
 * ```
 *
 * It answers for the paths that `api` answers for, and passes all other errors on.
 */
export function outletErrorHandler(api: OutletHandler): ErrorRequestHandler {
  // Express tells error handlers by their four parameters.
  return (error, req, res, next) => {
    if (res.headersSent || !api.handles(pathBelowMount(req))) next(error);
    else if (!clientHasLeft(error))
      answer(req, res, next, (exchange) => api.outlet.refuse(exchange, hostError(error, req)));
  };
}

function clientHasLeft(error: unknown): boolean {
  return (error as { type?: unknown } | null)?.type === "request.aborted";
}
