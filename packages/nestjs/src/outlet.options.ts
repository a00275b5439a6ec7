import type { Outlet, OutletOptions, Principal } from "@outlet/core";

/**
 * The request `authenticate` sees: Express' or Fastify's own, with what the application's guards and middleware
 * put on it. Annotate the parameter with your platform's type to see the rest of it.
 */
export interface HostRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  user?: unknown;
}

type Awaitable<T> = T | Promise<T>;

export interface OutletClientOptions {
  /** Who the injected client calls as: whose limits hold, whose stored objects it sees; default: `{ id: "in-process" }`. */
  principal?: Principal;
}

interface CommonOptions {
  /** How `@InjectOpenAI()` calls the outlet. */
  client?: OutletClientOptions;
}

/** An outlet for this module to make, and to close when the application shuts down. */
export interface NewOutletOptions extends Omit<OutletOptions, "authenticate">, CommonOptions {
  /**
   * Lets the host decide who is calling, before `keys` are looked at; runs after guards. Return `null` for «not me»:
   * then a key may still open the door, else the caller gets a 401. Throw an `ApiError` to refuse in your own words.
   */
  authenticate?(request: HostRequest): Awaitable<Principal | null | undefined>;
  /** How long requests under way may go on when the application shuts down, in milliseconds; default: 10,000. */
  graceMs?: number;
}

/** An outlet made elsewhere; whoever made it closes it. */
export interface ExistingOutletOptions extends CommonOptions {
  outlet: Outlet;
}

export type OutletModuleOptions = NewOutletOptions | ExistingOutletOptions;

/** What `forRootAsync({ useClass | useExisting })` expects. */
export interface OutletOptionsFactory {
  createOutletOptions(): Awaitable<OutletModuleOptions>;
}
