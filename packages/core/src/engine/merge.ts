/** A request may ask for thousands of choices; so many of them are asked of the engine at a time. */
const MAX_AT_ONCE = 32;

type Arrival<T> = { index: number; result: IteratorResult<T> } | { index: number; error: unknown };

/** Interleaves iterables as their items arrive. Closes all when one fails. */
export function merge<T>(sources: readonly AsyncIterable<T>[]): AsyncIterable<T> {
  return sources.length === 1 ? (sources[0] as AsyncIterable<T>) : interleave(sources);
}

async function* interleave<T>(sources: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  const open = new Set<number>();
  const arrived: Arrival<T>[] = [];
  let wake = () => {};
  const arrive = (arrival: Arrival<T>) => {
    arrived.push(arrival);
    wake();
  };
  const pull = (index: number) => {
    open.add(index);
    (iterators[index] as AsyncIterator<T>).next().then(
      (result) => arrive({ index, result }),
      (error) => arrive({ index, error }),
    );
  };
  let started = 0;
  while (started < Math.min(MAX_AT_ONCE, iterators.length)) pull(started++);
  try {
    while (open.size > 0) {
      const next = arrived.shift();
      if (next === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      } else if ("error" in next) {
        open.delete(next.index);
        throw next.error;
      } else if (next.result.done) {
        open.delete(next.index);
        if (started < iterators.length) pull(started++);
      } else {
        pull(next.index);
        yield next.result.value;
      }
    }
  } finally {
    for (const index of open) iterators[index]?.return?.().catch(() => {});
  }
}
