import { parentCollection } from "./parent-collection.ts";
import type { Change, RecordKey, Store } from "./store.ts";

/** Calls with every change that this process writes to the record or to what belongs to it, until the function it gives is called. */
export type Follow = (record: RecordKey, listener: (change: Change) => void) => () => void;

/** The same store, whose records can be followed: what is written through it is told of as soon as it is durable. */
export function followedStore(store: Store): { readonly store: Store; readonly follow: Follow } {
  const followers = new Map<string, Set<(change: Change) => void>>();

  function tell(change: Change): void {
    const key = "insert" in change ? change.insert : "replace" in change ? change.replace : change.delete;
    const root = key.parent ? { collection: parentCollection(key.collection), owner: key.owner, id: key.parent } : key;
    for (const listener of followers.get(nameOf(root)) ?? []) listener(change);
  }

  return {
    store: {
      ...store,
      async write(changes) {
        const written = await store.write(changes);
        if (written && followers.size > 0) for (const change of changes) tell(change);
        return written;
      },
    },
    follow(record, listener) {
      const name = nameOf(record);
      const listeners = followers.get(name) ?? new Set();
      followers.set(name, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) followers.delete(name);
      };
    },
  };
}

function nameOf({ collection, owner, id }: RecordKey): string {
  return `${collection}\u0000${owner}\u0000${id}`;
}
