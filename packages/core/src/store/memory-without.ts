import type { Entry } from "./memory-shelves.ts";

/** A list without some of its entries: the list itself, where that is one. */
export function without(
  list: Entry[],
  entries: readonly Entry[],
  placeIn: (list: readonly Entry[], entry: Entry) => number,
): Entry[] {
  const [entry, ...others] = entries;
  if (others.length > 0) {
    const gone = new Set(entries);
    return list.filter((one) => !gone.has(one));
  }
  if (entry) list.splice(placeIn(list, entry), 1);
  return list;
}
