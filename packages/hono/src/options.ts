import type { OutletOptions, Principal } from "@outlet/core";
import type { Context, Env } from "hono";

/** How the API behaves in the app it is mounted in. */
export interface MountOptions {
  /**
   * What happens to a path that is not one of the API's. `false`: OpenAI's own 404. `true`: `next()`, so that routes
   * registered after the mount, or the app's `notFound`, get their turn. Default: `false`.
   */
  fallthrough?: boolean;
  /**
   * On `@hono/node-server`, whether streams are written to Node's own response (`true`) or as a web stream (`false`).
   * Elsewhere it changes nothing. Default: `true`.
   */
  raw?: boolean;
}

/** The outlet's options, with Hono's context where core has an exchange. */
export interface HonoOutletOptions<E extends Env = Env> extends Omit<OutletOptions, "authenticate">, MountOptions {
  /**
   * Lets the host decide who is calling, before `keys` are looked at: sees the context with everything that middleware
   * in front put on it. Return `null` for «not me»: then a key may still open the door, else the caller gets a 401.
   * Throw an `ApiError` to refuse in your own words.
   */
  authenticate?: (c: Context<E>) => Principal | null | undefined | Promise<Principal | null | undefined>;
}

/** The same options as core takes them. */
export function coreOptions<E extends Env>(options: HonoOutletOptions<E>): OutletOptions {
  const { authenticate, fallthrough: _fallthrough, raw: _raw, ...core } = options;
  if (!authenticate) return core;
  return {
    ...core,
    // A call through `outlet.fetch` has no context: there only keys can tell who is calling.
    authenticate: ({ host }) => (isContext<E>(host) ? authenticate(host) : null),
  };
}

function isContext<E extends Env>(host: unknown): host is Context<E> {
  return typeof host === "object" && host !== null && "req" in host && "newResponse" in host;
}
