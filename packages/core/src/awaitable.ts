export type Awaitable<T> = T | Promise<T>;

/** What need not be waited for costs no turn of the queue. */
export function isPromise<T>(value: Awaitable<T>): value is Promise<T> {
  return typeof (value as Partial<Promise<T>> | null)?.then === "function";
}
