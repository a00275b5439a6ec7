import { createMemoryStore, type Store } from "@outlet/core";

export interface ResettableStore {
  readonly store: Store;
  /** Forgets everything. */
  reset(): void;
}

/** A store in memory that tests can empty. */
export function resettableStore(): ResettableStore {
  let inner = createMemoryStore();
  return {
    store: {
      specificationVersion: "v1",
      get: (query) => inner.get(query),
      list: (query) => inner.list(query),
      write: (changes) => inner.write(changes),
      claim: (collection, now, until) => inner.claim(collection, now, until),
      expire: (now) => inner.expire(now),
    },
    reset() {
      inner = createMemoryStore();
    },
  };
}
