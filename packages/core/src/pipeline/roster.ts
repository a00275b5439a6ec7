/** What can be listed in a roster; the roster alone writes the place. */
export interface Listed {
  place: number;
}

/** What is under way right now, in no order. */
export interface Roster<Item extends Listed> {
  add(item: Item): void;
  remove(item: Item): void;
  readonly items: readonly Item[];
}

/**
 * A set for what comes and goes with every request. A `Set` or `Map` grows a new table every few dozen changes, and the old
 * one, once it has been promoted, keeps what it held alive until the next full collection: more than half of all
 * requests outlived their young generation that way. An array whose last item fills the gap leaves nothing behind.
 */
export function createRoster<Item extends Listed>(): Roster<Item> {
  const items: Item[] = [];
  return {
    items,
    add(item) {
      item.place = items.length;
      items.push(item);
    },
    remove(item) {
      if (items[item.place] !== item) return;
      const last = items.pop() as Item;
      if (last === item) return;
      items[item.place] = last;
      last.place = item.place;
    },
  };
}
