import type { SettledCall } from "../call.ts";
import type { Health } from "./health.ts";

/**
 * Is told of every call while it is under way: what traces, metrics and logs of calls are made from. One observer may watch several outlets.
 * What it throws is logged, and changes nothing for the caller.
 */
export interface Observer {
  /** Called once by each outlet that it watches, when that is made. */
  attach?(watched: Watched): void;
  /**
   * A call has begun: its caller is known and its request is good. One that is refused before that begins and ends at once. What is given back
   * follows the call to its end.
   */
  begin(call: BegunCall): Observation | undefined;
}

/** What an observer may ask an outlet at any time. */
export interface Watched {
  /** True for ids of models with an entry of their own: there are as many as the host has written. Under `"*"` a client may write anything. */
  readonly hasModel: (id: string) => boolean;
  readonly health: () => Health;
}

/** A call that has begun. */
export interface BegunCall {
  readonly requestId: string;
  /** The reference's `operationId`; null for a URL that is none of the API's. */
  readonly operationId: string | null;
  /** True for work on a response in the background: it belongs to a request that was answered before. */
  readonly background: boolean;
  /** `performance.now()` when it arrived. */
  readonly arrival: number;
  /** The request's body as it was accepted; null where there is none, or none that is good. It holds what people have said: look at names and numbers. */
  readonly request: Readonly<Record<string, unknown>> | null;
}

/** Follows one call. */
export interface Observation {
  /**
   * Runs `work` once, at once, and gives its result: an observer that makes something active for all that is done meanwhile (a span) does it
   * here. Called for the call's own work, and again for each piece of a stream that is asked for.
   */
  run?<Result>(work: () => Result): Result;
  /** Called once, with what `onSettle` is told. */
  end(call: SettledCall): void;
}
