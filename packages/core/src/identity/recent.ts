/** What was used lately, at most so many of it. */
export interface Recent<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  /** Forgets the values that `gone` is true for. */
  forget(gone: (value: Value) => boolean): void;
  clear(): void;
}

/**
 * Two generations: what is used moves to the young one, and when that is full, the old one goes. So a use changes nothing as
 * long as the value is young; a list in the order of use would be rewritten at every request.
 */
export function createRecent<Value>(most: number): Recent<Value> {
  const size = Math.max(1, Math.ceil(most / 2));
  let young = new Map<string, Value>();
  let old = new Map<string, Value>();

  function set(key: string, value: Value): void {
    if (young.size >= size && !young.has(key)) {
      old = young;
      young = new Map();
    }
    young.set(key, value);
  }

  return {
    set,
    get(key) {
      const found = young.get(key);
      if (found !== undefined) return found;
      const older = old.get(key);
      if (older !== undefined) set(key, older);
      return older;
    },
    forget(gone) {
      for (const generation of [young, old]) {
        for (const [key, value] of generation) if (gone(value)) generation.delete(key);
      }
    },
    clear() {
      young.clear();
      old.clear();
    },
  };
}
