import type { Principal } from "../access/principal.ts";
import type { Exchange, Reply } from "../http/exchange.ts";
import type { MeteredUsage } from "../ledger/usage.ts";

/** How the outlet stands before a route of the host's own. */
export interface GuardOptions {
  /** Whose key opens it: a project's, or an admin's of the `platform`. Default: `key`. */
  auth?: "key" | "admin";
  /**
   * Meters the route under this name, of 1 to 64 letters, digits, `_`, `-`, `.` and `:`. It has the limits of `limits.routes` and the price of
   * `billing.prices` under it, its requests are entered in the ledger and held in budgets, and `onSettle` and observers are told of
   * them with it for `operationId`. Default: who calls is all that is asked.
   */
  meter?: string;
}

/** Who has sent a request to a route of the host's own, as the outlet knows them. */
export interface Caller {
  readonly principal: Principal;
  /** `x-request-id` of the reply. */
  readonly requestId: string;
  /**
   * Adds to what a metered request has consumed, until its reply is out; what is told of a request that is not metered is nobody's affair. A
   * request that succeeds without a word of it has consumed itself: it counts, and costs the price of a `request`.
   */
  readonly used: (usage: Partial<Omit<MeteredUsage, "estimated">>) => void;
}

/** A request that was let in. The adapter sends `headers` with the reply, and says once how it ended. */
export interface Visit {
  readonly caller: Caller;
  /** `x-request-id`, `openai-organization`, `openai-project` and, where limits hold, `x-ratelimit-*`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether anybody waits to be told how it ended. */
  readonly metered: boolean;
  /** Runs what handles the request, within what observers make active. */
  readonly run: <Result>(work: () => Result) => Result;
  /** The status that was sent, when the last byte is out or the client has gone (`exchange.cancel()` says so). The first time counts. */
  readonly end: (status: number) => void;
}

/** What became of a request at the door. */
export type Guarded =
  | { readonly visit: Visit; readonly refusal: null }
  | { readonly visit: null; readonly refusal: Reply };

/** Never rejects: a refusal is a reply, in the API's envelope, and is told of already. */
export type Guard = (exchange: Exchange) => Promise<Guarded>;

/** @throws TypeError for what is no name */
export function checkGuard({ auth = "key", meter = null }: { auth?: "key" | "admin"; meter?: string | null }) {
  if (auth !== "key" && auth !== "admin") throw new TypeError(`a guard's auth is "key" or "admin"`);
  if (meter !== null && !/^[\w.:-]{1,64}$/.test(meter)) {
    throw new TypeError("a guard's meter is a name of 1 to 64 letters, digits, _, -, . and :");
  }
  return { auth, meter };
}
