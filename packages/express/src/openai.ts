import type { Outlet } from "@outlet/core";
import { callerExchange } from "@outlet/core/node";
import type { Request, RequestHandler, Response } from "express";
import { type ClientOptions, OpenAI } from "openai";

declare global {
  namespace Express {
    interface Request {
      /** The official client, in process, as whoever sent this request; there behind `openaiClient()`. */
      readonly openai: OpenAI;
    }
  }
}

/** The client's own options, but for those that say where it calls and as whom. */
export type InProcessClientOptions = Omit<ClientOptions, "apiKey" | "adminAPIKey" | "baseURL" | "fetch">;

/**
 * Middleware that puts `req.openai` on requests: the official client, wired to the outlet in this process. It calls as whoever sent
 * the request, by the outlet's own `keys` and `authenticate`: under their limits, with their stored objects. A caller whom the outlet
 * does not let in gets an `AuthenticationError` from every call. Its calls end when the client leaves. Made when it is first asked for; behind
 * `outletGuard()` of the same outlet, who it is is not asked again.
 *
 * ```ts
 * const api = outlet({ models, authenticate });
 * app.use("/v1", api);
 * app.use(openaiClient(api));
 * ```
 */
export function openaiClient(
  { outlet }: { readonly outlet: Outlet },
  options: InProcessClientOptions = {},
): RequestHandler {
  const property = {
    configurable: true,
    // One getter for all requests: one of its own would give each request a hidden class of its own.
    get(this: Request): OpenAI {
      const { fetch } = outlet.asCallerOf(callerExchange(this, this.res as Response), this.outlet);
      const value = new OpenAI({ ...options, baseURL: "http://outlet/v1", apiKey: "in-process", fetch });
      Object.defineProperty(this, "openai", { configurable: true, value });
      return value;
    },
  };
  return (req, _res, next) => {
    Object.defineProperty(req, "openai", property);
    next();
  };
}
