import type { OutletOptions } from "@outlet/core";

/** One way to serve an outlet: a framework, a version of it, your own app. */
export interface Cell {
  /** Heads the cell's column in the table. */
  readonly name: string;
  /** Serves an outlet with exactly these options, and whatever surrounds it in this cell. */
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
  close(): Promise<void>;
}
