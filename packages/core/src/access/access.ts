import { type Awaitable, isPromise } from "../awaitable.ts";
import { incorrectKey } from "../errors/catalogue.ts";
import type { Exchange } from "../http/exchange.ts";
import type { PlatformOptions } from "../identity/platform.options.ts";
import type { Platform } from "../identity/platform.ts";
import { createKeyring } from "./keyring.ts";
import { presentedKey } from "./presented-key.ts";
import type { Principal } from "./principal.ts";

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

/**
 * The host's word first, then static keys, then those that the platform has issued.
 * @throws TypeError when no way in, or a contradictory one, is configured: nothing is open by accident.
 */
export function createAuthenticate(
  options: AccessOptions & { platform?: PlatformOptions },
  platform: Platform | null,
): Authenticate {
  const keyCount = options.keys ? Object.keys(options.keys).length : 0;
  if (options.access === "open") {
    if (options.keys || options.authenticate || platform) {
      throw new TypeError('access: "open" cannot be combined with keys, authenticate or platform');
    }
    return () => ANYONE;
  }
  if (!options.authenticate && keyCount === 0 && !platform) {
    throw new TypeError('createOutlet needs a way in: keys, authenticate, platform, or access: "open"');
  }
  const byKey = createByKey(options, platform);
  const { authenticate } = options;
  if (!authenticate) return byKey;
  return async (exchange) => {
    const principal = await authenticate(exchange);
    return principal ? withOrganization(principal, platform) : byKey(exchange);
  };
}

function createByKey(
  { keys = [], platform: { adminKeys = [] } = {} }: AccessOptions & { platform?: PlatformOptions },
  platform: Platform | null,
): Authenticate {
  const own = createKeyring(keys);
  const admins = createKeyring(adminKeysOf(adminKeys));
  return (exchange) => {
    const presented = presentedKey(exchange);
    // Both are looked through whatever the first one finds.
    const admin = admins(presented);
    const found = own(presented) ?? admin;
    if (found) return withOrganization(found, platform);
    const issued = platform ? platform.keys.find(presented) : null;
    if (isPromise(issued)) return issued.then((principal) => known(principal, presented));
    return known(issued, presented);
  };
}

function known(principal: Principal | null, presented: string): Principal {
  if (!principal) throw incorrectKey(presented);
  return principal;
}

function adminKeysOf(keys: readonly string[]): Record<string, Principal> {
  return Object.fromEntries(keys.map((key, index) => [key, { id: `admin-key-${index + 1}`, admin: true }]));
}

/** Who administers no organization by name administers the platform's own. */
export function withOrganization(principal: Principal, platform: Platform | null): Awaitable<Principal> {
  if (!platform || principal.admin !== true || principal.organization !== undefined) return principal;
  return platform.defaults().then(({ organization }) => ({ ...principal, organization }));
}
