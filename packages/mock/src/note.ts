/** What is known of somebody else's object. */
export interface Note<Holder extends object, Value> {
  of(holder: Holder): Value | undefined;
  leave(holder: Holder, value: Value): void;
}

/**
 * Kept on the object itself, under a symbol. A `WeakMap` would grow with every request, and its promoted tables would keep
 * what they held alive until the next full collection; only what nothing can be added to is kept in one.
 */
export function createNote<Holder extends object, Value>(name: string): Note<Holder, Value> {
  const key = Symbol(name);
  const beside = new WeakMap<Holder, Value>();
  return {
    of: (holder) => (holder as { [key]?: Value })[key] ?? beside.get(holder),
    leave(holder, value) {
      if (Object.isExtensible(holder)) (holder as { [key]?: Value })[key] = value;
      else beside.set(holder, value);
    },
  };
}
