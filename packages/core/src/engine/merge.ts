/** A request may ask for thousands of choices; so many of them are asked of the engine at a time. */
const MAX_AT_ONCE = 32;

/** Interleaves iterables as their items arrive. Closes all when one fails. */
export function merge<T>(sources: readonly AsyncIterable<T>[]): AsyncIterable<T> {
  return sources.length === 1 ? (sources[0] as AsyncIterable<T>) : interleave(sources);
}

async function* interleave<T>(sources: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  const pending = new Map<number, Promise<readonly [number, IteratorResult<T>]>>();
  const pull = (index: number) => {
    const next = (iterators[index] as AsyncIterator<T>).next().then((result) => [index, result] as const);
    next.catch(() => {});
    pending.set(index, next);
  };
  let started = 0;
  while (started < Math.min(MAX_AT_ONCE, iterators.length)) pull(started++);
  try {
    while (pending.size > 0) {
      const [index, result] = await Promise.race(pending.values());
      if (result.done) {
        pending.delete(index);
        if (started < iterators.length) pull(started++);
      } else {
        pull(index);
        yield result.value;
      }
    }
  } finally {
    for (const index of pending.keys()) iterators[index]?.return?.().catch(() => {});
  }
}
