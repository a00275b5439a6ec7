import { type Caller, type Outlet, webExchange } from "@outlet/core";
import type { Context, Env, MiddlewareHandler } from "hono";
import { type ClientOptions, OpenAI } from "openai";

/** The client's own options, but for those that say where it calls and as whom. */
export type InProcessClientOptions = Omit<ClientOptions, "apiKey" | "adminAPIKey" | "baseURL" | "fetch">;

/** What `openaiClient()` adds to a context. */
export interface OpenAIEnv extends Env {
  Variables: {
    /** The official client, in process, as whoever sent this request. */
    openai: OpenAI;
  };
}

/**
 * Middleware that sets `c.var.openai`: the official client, wired to the outlet in this process. It calls as whoever sent the
 * request, by the outlet's own `keys` and `authenticate`: under their limits, with their stored objects. A caller whom the outlet does not let
 * in gets an `AuthenticationError` from every call. Its calls end when the client leaves. Behind `outletGuard()` of the same outlet, who it
 * is is not asked again.
 *
 * A client is made for each request, which takes some 50 µs: put it on the routes that use it.
 *
 * ```ts
 * const api = outlet({ models, authenticate });
 * app.route("/v1", api).get("/summary", openaiClient(api), (c) => c.var.openai.…);
 * ```
 */
export function openaiClient(
  { outlet }: { readonly outlet: Outlet },
  options: InProcessClientOptions = {},
): MiddlewareHandler<OpenAIEnv> {
  return async (c, next) => {
    const caller: Caller | undefined = (c as Context).get("outlet");
    const { fetch } = outlet.asCallerOf(webExchange(c.req.raw, { host: c }), caller);
    c.set("openai", new OpenAI({ ...options, baseURL: "http://outlet/v1", apiKey: "in-process", fetch }));
    await next();
  };
}
