import { requestAborted } from "../errors/catalogue.ts";
import type { AbortTarget } from "./cancellation.ts";

/**
 * Waits for `promise`, but no longer than the client does: an engine that ignores its signal must not keep
 * a dead request open. The loser's rejection is swallowed.
 */
export function untilAborted<T>(promise: Promise<T>, signal: AbortTarget): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const listener = {
      handleEvent: () => {
        signal.removeEventListener("abort", listener);
        reject(requestAborted());
      },
    };
    if (signal.aborted) listener.handleEvent();
    else signal.addEventListener("abort", listener);
    promise.then(
      (value) => {
        signal.removeEventListener("abort", listener);
        resolve(value);
      },
      (error) => {
        signal.removeEventListener("abort", listener);
        reject(error);
      },
    );
  });
}

/**
 * Ends a stream that comes too late for anybody to read. It is begun first: a generator that was never begun does not run what it has to
 * run at its end.
 */
export function discard(source: AsyncIterable<unknown>): void {
  const iterator = source[Symbol.asyncIterator]();
  try {
    iterator.next().then(undefined, () => {});
  } catch {
    // It cannot be begun, so there is nothing to end.
  }
  close(iterator);
}

/**
 * Iterates `source` until it ends or the client leaves; either way `source` is told, and never waited for. Written out
 * by hand because it runs for every chunk of every stream: a race of each `next()` against one long-lived promise would
 * also leave a reaction on that promise for every chunk.
 */
export function iterateUntilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncIterableIterator<T> {
  const iterator = source[Symbol.asyncIterator]();
  const ended: IteratorResult<T> = { done: true, value: undefined };
  let over = false;
  let refuse: (error: unknown) => void = () => {};
  const finish = () => {
    over = true;
    signal.removeEventListener("abort", leave);
  };
  const leave = () => {
    finish();
    refuse(requestAborted());
    close(iterator);
  };
  const pull = (resolve: (result: IteratorResult<T>) => void, reject: (error: unknown) => void) => {
    const fail = (error: unknown) => {
      finish();
      reject(error);
    };
    refuse = reject;
    try {
      iterator.next().then((result) => {
        if (result.done) finish();
        resolve(result);
      }, fail);
    } catch (error) {
      fail(error);
    }
  };
  signal.addEventListener("abort", leave, { once: true });
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next() {
      if (signal.aborted) {
        if (!over) leave();
        return Promise.reject(requestAborted());
      }
      return over ? Promise.resolve(ended) : new Promise(pull);
    },
    return() {
      if (!over) {
        finish();
        close(iterator);
      }
      return Promise.resolve(ended);
    },
  };
}

function close(iterator: AsyncIterator<unknown>): void {
  try {
    iterator.return?.().then(undefined, () => {});
  } catch {
    // It was told; what it makes of that is its own affair.
  }
}
