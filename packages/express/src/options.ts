import type { OutletOptions, Principal } from "@outlet/core";
import type { Request } from "express";

/** How a handler behaves in the app it is mounted in. */
export interface MountOptions {
  /**
   * What happens to a path that is not one of the API's. `false`: OpenAI's own 404. `true`: `next()`, so that routes
   * after the mount get their turn. Default: `false`.
   */
  fallthrough?: boolean;
}

/** The outlet's options, with Express' request where core has an exchange. */
export interface ExpressOutletOptions extends Omit<OutletOptions, "authenticate">, MountOptions {
  /**
   * Lets the host decide who is calling, before `keys` are looked at: sees the Express request with everything that
   * middleware in front put on it (`req.session`, `req.user`). Return `null` for «not me»: then a key may still open
   * the door, else the caller gets a 401. Throw an `ApiError` to refuse in your own words.
   */
  authenticate?: (req: Request) => Principal | null | undefined | Promise<Principal | null | undefined>;
}

/** The same options as core takes them. */
export function coreOptions({ authenticate, fallthrough: _, ...options }: ExpressOutletOptions): OutletOptions {
  if (!authenticate) return options;
  return {
    ...options,
    // A call through `outlet.fetch` has no Express request: there only keys can tell who is calling.
    authenticate: ({ host }) => (isExpressRequest(host) ? authenticate(host) : null),
  };
}

function isExpressRequest(host: unknown): host is Request {
  return typeof host === "object" && host !== null && "baseUrl" in host;
}
