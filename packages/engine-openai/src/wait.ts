import type { AbortTarget, Listed, Roster } from "@outlet/core";

/** Something under way that the engine's `close()` ends. */
export interface Cancellable extends Listed {
  /** When it has waited too long, in milliseconds of `performance.now()`; `Infinity` for never. */
  readonly deadline: number;
  cancel(error: Error): void;
}

/** Waits; rejects as soon as the signal aborts or the engine closes, and leaves neither timer nor listener behind. */
export function delay(ms: number, signal: AbortTarget, live: Roster<Cancellable>): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      live.remove(entry);
    };
    const cancel = (error: unknown) => {
      finish();
      reject(error);
    };
    const onAbort = { handleEvent: () => cancel(signal.reason) };
    const entry = { cancel, place: 0, deadline: Number.POSITIVE_INFINITY };
    const timer = setTimeout(() => {
      finish();
      resolve();
    }, ms);
    if (signal.aborted) return cancel(signal.reason);
    signal.addEventListener("abort", onAbort);
    live.add(entry);
  });
}

/** The same promise, but no longer than the signal lasts. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortTarget): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = { handleEvent: () => reject(signal.reason) };
    if (signal.aborted) onAbort.handleEvent();
    else signal.addEventListener("abort", onAbort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
