import { requestAborted } from "../errors/catalogue.ts";

/**
 * Waits for `promise`, but no longer than the client does: an engine that ignores its signal must not keep
 * a dead request open. The loser's rejection is swallowed.
 */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(requestAborted());
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    const done = () => signal.removeEventListener("abort", onAbort);
    promise.then(
      (value) => {
        done();
        resolve(value);
      },
      (error) => {
        done();
        reject(error);
      },
    );
  });
}

/** Iterates `source` until it ends or the client leaves; either way `source` is told, and never waited for. */
export async function* iterateUntilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  let finished = false;
  let leave: () => void = () => {};
  const left = new Promise<never>((_, reject) => {
    leave = () => reject(requestAborted());
  });
  left.catch(() => {});
  if (signal.aborted) leave();
  else signal.addEventListener("abort", leave, { once: true });
  try {
    while (true) {
      const result = await Promise.race([iterator.next(), left]);
      if (result.done) {
        finished = true;
        return;
      }
      yield result.value;
    }
  } catch (error) {
    finished = !signal.aborted;
    throw error;
  } finally {
    signal.removeEventListener("abort", leave);
    if (!finished) iterator.return?.().then(undefined, () => {});
  }
}
