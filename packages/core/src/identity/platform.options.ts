import type { Awaitable } from "../awaitable.ts";

/** Turns the admin API and the keys it issues on. https://platform.openai.com/docs/api-reference/administration */
export interface PlatformOptions {
  /**
   * Admin keys of the default organization, 1 to 512 characters each; keep them in the environment, not in code. Default: none; then
   * only a principal that `authenticate` or `keys` give `admin: true` gets in to make the first one.
   */
  adminKeys?: readonly string[];
  /**
   * How soon this process sees what another one has changed (a key revoked, a project archived), in milliseconds: it looks that often
   * in a store that is shared, and never on the way of a request. Its own changes hold at once. Default: 1,000.
   */
  refreshMs?: number;
  /** Keys that are remembered between requests; one that is not costs a look into the store. Default: 10,000. */
  knownKeys?: number;
  /** How often it is written down when keys were last used, in milliseconds. Default: 10,000. */
  lastUsedMs?: number;
  /**
   * Told of each invite that was made, to send it: OpenAI writes an email, an outlet has none to write with. Whoever it returns is known to the
   * host already, and has accepted; for everybody else, `outlet.platform.acceptInvite` does when they sign up. What it throws is logged, and the
   * invite stays as it is. Default: none. https://platform.openai.com/docs/api-reference/invite
   */
  onInvite?: (invite: PlatformInvite) => Awaitable<{ name: string } | null>;
  /** Brings changes of other processes sooner than `refreshMs`: `redisNews()` of `@outlet/redis`, or your own. Default: none. The outlet closes it. */
  news?: PlatformNews;
}

export interface PlatformInvite {
  readonly id: string;
  readonly organization: string;
  readonly email: string;
  readonly role: "owner" | "reader";
  /** Unix seconds. */
  readonly expiresAt: number;
}

/** A way for processes to tell each other that keys or projects have changed; what has, they read from the store. */
export interface PlatformNews {
  /** Tells the others. What it rejects with is logged: they see the change within `refreshMs` all the same. */
  announce(): Promise<void>;
  /** Calls `changed` whenever another process has announced a change; called once, when the outlet is made. */
  listen(changed: () => void): void;
  close?(): Promise<void>;
}
