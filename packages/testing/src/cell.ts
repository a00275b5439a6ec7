import type { OutletOptions } from "@outlet/core";

/** One way to serve an outlet: a framework, a version of it, your own app. */
export interface Cell {
  /** Heads the cell's column in the table. */
  readonly name: string;
  /**
   * Serves an outlet with exactly these options, and whatever surrounds it in this cell. Called a second time, with the first one still
   * serving, where a requirement with the `setting` `strict` is checked.
   */
  mount(options: OutletOptions): Promise<Mounted>;
  /**
   * Requirements that this cell is known not to meet, by id, each with the reason; shown under the table. They still
   * run: one that is met after all is reported as passed.
   */
  readonly gaps?: Readonly<Record<string, string>>;
}

export interface Mounted {
  /** Where the SDK finds the API: `http://127.0.0.1:4711/v1`. */
  readonly baseURL: string;
  /** Set when nothing listens at `baseURL`: answers in its place. */
  readonly fetch?: (input: Request | URL | string, init?: RequestInit) => Promise<Response>;
  /**
   * The URL of a route of the host's own: `http://127.0.0.1:4711/reports`. It takes a `POST` that the adapter's guard, with the meter
   * `OWN_ROUTE`, has let in, and answers it with the JSON of `answerOwnRoute(caller)`. Default: what is about such routes is not applicable.
   */
  readonly ownRoute?: string;
  /**
   * For a server in another process. The kit sees for itself when a Node server in its own process notices that a client
   * has left; this tells it of others: one by one for each call that the request made to an engine, the milliseconds from
   * the server's noticing until that call's signal aborted. Waits for them.
   */
  readonly stoppedAfterMs?: (requestId: string) => Promise<number>;
  close(): Promise<void>;
}
