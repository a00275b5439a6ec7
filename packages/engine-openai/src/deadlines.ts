import { engineTimeout, type Roster } from "@outlet/core";
import type { Cancellable } from "./wait.ts";

/** Ends what has waited too long for its first byte. */
export interface Deadlines {
  /** Something of the roster has this deadline now, in milliseconds of `performance.now()`. */
  watch(deadline: number): void;
  stop(): void;
}

/**
 * One timer for all that is under way. It is set for the earliest deadline and left alone when a reply comes, so that in the time
 * that a request may take, however many there are, it fires once and looks. A timer for each request costs more than
 * reading its headers: Node makes a list for a delay that no other timer has, and takes it down again.
 */
export function createDeadlines(live: Roster<Cancellable>): Deadlines {
  let timer: NodeJS.Timeout | undefined;
  let next = Number.POSITIVE_INFINITY;

  const watch = (deadline: number) => {
    if (deadline >= next) return;
    clearTimeout(timer);
    next = deadline;
    timer = setTimeout(look, Math.max(1, Math.ceil(deadline - performance.now())));
    // What waits has a socket, or is about to: this must not keep a process that is done.
    timer.unref();
  };
  const look = () => {
    next = Number.POSITIVE_INFINITY;
    const now = performance.now();
    for (const one of [...live.items]) {
      if (one.deadline <= now) one.cancel(engineTimeout("The upstream did not answer in time."));
      else watch(one.deadline);
    }
  };
  return { watch, stop: () => clearTimeout(timer) };
}
