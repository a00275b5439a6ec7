import type { Exchange } from "../http/exchange.ts";
import { createKeyring } from "./keyring.ts";
import type { Principal } from "./principal.ts";

type Awaitable<T> = T | Promise<T>;

export interface AccessOptions {
  /**
   * API keys that open the outlet: a list, or the principal that each key stands for.
   * Keep them in the environment, not in code.
   */
  keys?: readonly string[] | Readonly<Record<string, Principal>>;
  /**
   * Lets the host decide who is calling, before `keys` are looked at. Return `null` for «not me»: then a
   * key may still open the door, else the caller gets a 401. Throw an `ApiError` to refuse in your own words.
   */
  authenticate?: (exchange: Exchange) => Awaitable<Principal | null | undefined>;
  /** `"open"`: anyone who can reach the server may use it. Must be said; it is never the default. */
  access?: "open";
}

export type Authenticate = (exchange: Exchange) => Awaitable<Principal>;

const ANYONE: Principal = { id: "anyone" };

/** @throws TypeError when no way in, or a contradictory one, is configured: nothing is open by accident. */
export function createAuthenticate(options: AccessOptions): Authenticate {
  const keyCount = options.keys ? Object.keys(options.keys).length : 0;
  if (options.access === "open") {
    if (options.keys || options.authenticate) {
      throw new TypeError('access: "open" cannot be combined with keys or authenticate');
    }
    return () => ANYONE;
  }
  if (!options.authenticate && keyCount === 0) {
    throw new TypeError('createOutlet needs a way in: keys, authenticate, or access: "open"');
  }
  const byKey = createKeyring(options.keys ?? []);
  const { authenticate } = options;
  if (!authenticate) return byKey;
  return async (exchange) => (await authenticate(exchange)) ?? byKey(exchange);
}
