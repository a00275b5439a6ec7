import type { Entry } from "./memory-shelves.ts";
import { without } from "./memory-without.ts";

/** The memory store's records that expire, in the order in which they do. */
export interface Expiries {
  add(entry: Entry): void;
  delete(entries: readonly Entry[]): void;
  /** So many of those that have expired at `now`, the first first. */
  until(now: number, most: number): Entry[];
}

export function createExpiries(): Expiries {
  let entries: Entry[] = [];

  /** Where the entry is, or belongs. */
  function placeOf(entry: Entry): number {
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(entries[middle] as Entry, entry)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    add(entry) {
      if (entry.expiresAt !== null) entries.splice(placeOf(entry), 0, entry);
    },
    delete(gone) {
      const listed = gone.filter(({ expiresAt }) => expiresAt !== null);
      entries = without(entries, listed, (_, entry) => placeOf(entry));
    },
    until(now, most) {
      const end = entries.slice(0, most).findIndex(({ expiresAt }) => (expiresAt ?? 0) > now);
      return entries.slice(0, end === -1 ? most : end);
    },
  };
}

/** Positions tell those of one second apart. */
function isBefore(one: Entry, other: Entry): boolean {
  const sooner = (one.expiresAt ?? 0) - (other.expiresAt ?? 0);
  return sooner < 0 || (sooner === 0 && one.position < other.position);
}
