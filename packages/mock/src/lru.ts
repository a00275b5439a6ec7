/** A small map that forgets what was used longest ago. */
export interface Lru<Value> {
  /** The value under `key`, made by `make` when it is not remembered. */
  get(key: string, make: () => Value): Value;
}

/**
 * Remembers at least the last `limit` values, at most twice as many: what was used since the younger half began is in it, and
 * the older half goes as a whole. So a value that is there already, the usual case, costs a look-up and no change.
 */
export function createLru<Value>(limit: number): Lru<Value> {
  let young = new Map<string, Value>();
  let old = new Map<string, Value>();
  return {
    get(key, make) {
      const known = young.get(key);
      if (known !== undefined) return known;
      const value = old.get(key) ?? make();
      if (young.size >= limit) {
        old = young;
        young = new Map();
      }
      young.set(key, value);
      return value;
    },
  };
}
