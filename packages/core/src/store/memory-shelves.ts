import { createExpiries } from "./memory-expiries.ts";
import { without } from "./memory-without.ts";
import { parentCollection } from "./parent-collection.ts";
import type { ListQuery, RecordKey, RecordQuery, StoredRecord } from "./store.ts";

/** A record with its document as text: nobody's live object is kept or handed out. */
export interface Entry extends Omit<StoredRecord, "data" | "details"> {
  readonly json: string;
  readonly details: string | null;
  readonly expiresAt: number | null;
}

/** The memory store's records, by key and by list. */
export interface Shelves {
  get(key: RecordKey): Entry | undefined;
  put(entry: Entry): void;
  /** With everything whose parent it is. */
  remove(key: RecordKey): void;
  page(query: ListQuery): { entries: Entry[]; hasMore: boolean } | null;
  dueFirst(collection: string, now: number): Entry | undefined;
  /** So many of those that have expired, the first to do so first. */
  expired(now: number, most: number): readonly Entry[];
  /** Removes the oldest that no work is due on, with everything whose parent they are, until the others weigh so much at most. */
  forgetOldest(most: number): void;
  /** What the records weigh, roughly. */
  readonly bytes: number;
}

/** What an entry weighs besides its document. */
const ENTRY_BYTES = 512;
const SEPARATOR = "\u0000";

export function entryKey({ collection, owner, parent = "", id }: RecordKey): string {
  return [collection, owner, parent, id].join(SEPARATOR);
}

function shelfKey({ collection, owner, parent = "" }: Omit<RecordKey, "id">): string {
  return [collection, owner, parent].join(SEPARATOR);
}

/** The key of the record that this one belongs to; throws where its collection cannot have one. */
export function parentKey({ collection, owner, parent = "" }: Omit<RecordKey, "id">): RecordKey {
  return { collection: parentCollection(collection), owner, id: parent };
}

export function isAlive({ expiresAt }: Entry, { aliveAt }: Pick<RecordQuery, "aliveAt">): boolean {
  return expiresAt === null || aliveAt === undefined || expiresAt > aliveAt;
}

export function createShelves(): Shelves {
  const byKey = new Map<string, Entry>();
  /** Each list's entries by position. */
  const shelves = new Map<string, Entry[]>();
  const due = new Map<string, Entry>();
  const expiries = createExpiries();
  /** Every collection of children that ever had a record, by their parents'. */
  const childCollections = new Map<string, Set<string>>();
  let bytes = 0;

  /** Takes out a record and all whose parent it is; adds them to those that still stand in lists. */
  function take(entry: Entry, taken: Entry[]): void {
    const name = entryKey(entry);
    byKey.delete(name);
    due.delete(name);
    bytes -= weight(entry);
    taken.push(entry);
    if (entry.parent !== "") return;
    for (const collection of childCollections.get(entry.collection) ?? []) {
      const children = shelves.get(shelfKey({ collection, owner: entry.owner, parent: entry.id })) ?? [];
      for (const child of children) take(child, taken);
    }
  }

  /** Takes records off their lists, each of which is gone through once at most. */
  function takeOff(taken: readonly Entry[]): void {
    expiries.delete(taken);
    for (const [name, entries] of Map.groupBy(taken, shelfKey)) {
      const shelf = without(shelves.get(name) as Entry[], entries, placeOf);
      if (shelf.length === 0) shelves.delete(name);
      else shelves.set(name, shelf);
    }
  }

  function remove(key: RecordKey): void {
    const entry = byKey.get(entryKey(key));
    if (!entry) return;
    const taken: Entry[] = [];
    take(entry, taken);
    takeOff(taken);
  }

  function rememberChildren(collection: string): void {
    const parents = parentCollection(collection);
    const known = childCollections.get(parents) ?? new Set();
    childCollections.set(parents, known.add(collection));
  }

  return {
    get bytes() {
      return bytes;
    },
    get(key) {
      if (key.parent) parentKey(key);
      return byKey.get(entryKey(key));
    },
    remove,
    put(entry) {
      const name = entryKey(entry);
      const former = byKey.get(name);
      byKey.set(name, entry);
      bytes += weight(entry) - (former ? weight(former) : 0);
      if (entry.dueAt === null) due.delete(name);
      else due.set(name, entry);
      if (former) expiries.delete([former]);
      expiries.add(entry);
      if (entry.parent !== "") rememberChildren(entry.collection);
      const shelf = shelves.get(shelfKey(entry));
      if (!shelf) shelves.set(shelfKey(entry), [entry]);
      else if (former) shelf[placeOf(shelf, former)] = entry;
      else shelf.push(entry);
    },
    page(query) {
      if (query.parent) parentKey(query);
      const shelf = shelves.get(shelfKey(query)) ?? [];
      const place = (id: string) => {
        const cursor = byKey.get(entryKey({ ...query, id }));
        return cursor && isAlive(cursor, query) ? placeOf(shelf, cursor) : undefined;
      };
      const after = query.after === undefined ? null : place(query.after);
      const before = query.before === undefined ? null : place(query.before);
      if (after === undefined || before === undefined) return null;
      // The previous page is read from its end, and turned round.
      const backwards = after === null && before !== null;
      const step = (query.order === "asc") === !backwards ? 1 : -1;
      const edge = (at: number | null, open: number) => at ?? (step > 0 ? open : shelf.length - 1 - open);
      const from = backwards ? before + step : after === null ? edge(null, 0) : after + step;
      const to = backwards ? edge(null, shelf.length) : edge(before, shelf.length);
      const wanted = Object.entries(query.labels ?? {});
      const entries: Entry[] = [];
      let hasMore = false;
      for (let i = from; step > 0 ? i < to : i > to; i += step) {
        const entry = shelf[i] as Entry;
        if (!isAlive(entry, query) || !wanted.every(([name, value]) => entry.labels[name] === value)) continue;
        hasMore = entries.length === query.limit;
        if (hasMore) break;
        entries.push(entry);
      }
      return { entries: backwards ? entries.reverse() : entries, hasMore };
    },
    dueFirst(collection, now) {
      let first: Entry | undefined;
      for (const entry of due.values()) {
        const { dueAt } = entry;
        if (entry.collection !== collection || dueAt === null || dueAt > now) continue;
        const sooner = dueAt - (first?.dueAt ?? Number.POSITIVE_INFINITY);
        if (!first || sooner < 0 || (sooner === 0 && entry.position < first.position)) first = entry;
      }
      return first;
    },
    expired: expiries.until,
    forgetOldest(most) {
      const taken: Entry[] = [];
      for (const entry of byKey.values()) {
        if (bytes <= most) break;
        if (entry.dueAt === null && entry.parent === "") take(entry, taken);
      }
      takeOff(taken);
    },
  };
}

/** Index of an entry that is there, or of a former version of it, by bisection. */
function placeOf(shelf: readonly Entry[], { position }: Pick<Entry, "position">): number {
  let low = 0;
  let high = shelf.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((shelf[middle] as Entry).position < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

function weight(entry: Entry): number {
  return ENTRY_BYTES + entry.json.length + (entry.details?.length ?? 0);
}
