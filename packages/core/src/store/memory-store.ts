import { createShelves, type Entry, entryKey } from "./memory-shelves.ts";
import type { Change, RecordKey, Store, StoredRecord } from "./store.ts";

export interface MemoryStoreOptions {
  /** Bytes it holds, about; beyond that the oldest records are forgotten, except those that work is due on. Default: 64 MiB. */
  maxBytes?: number;
}

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

/**
 * The store that an outlet has when it is given none, and the reference for the others: in this process's memory, gone with it, and
 * bounded.
 */
export function createMemoryStore({ maxBytes = DEFAULT_MAX_BYTES }: MemoryStoreOptions = {}): Store {
  const shelves = createShelves();
  let lastPosition = 0;

  /** What the changes come to, or null when one of them cannot be made. */
  function plan(changes: readonly Change[]): Map<string, Entry | RecordKey> | null {
    const planned = new Map<string, Entry | RecordKey>();
    const now = (key: RecordKey): Entry | undefined => {
      const change = planned.get(entryKey(key));
      if (!change) return shelves.get(key);
      return "version" in change ? change : undefined;
    };
    const parentIsThere = ({ owner, parent }: RecordKey) =>
      [...shelves.collections, ...changes.map((change) => keyOf(change).collection)].some((collection) =>
        now({ collection, owner, id: parent as string }),
      );
    for (const change of changes) {
      if ("insert" in change) {
        const { insert } = change;
        if (now(insert) || (insert.parent && !parentIsThere(insert))) return null;
        const { collection, owner, parent = "", id, createdAt, labels = {}, dueAt = null, data } = insert;
        lastPosition += 1;
        const record = {
          collection,
          owner,
          parent,
          id,
          createdAt,
          labels: { ...labels },
          dueAt,
          position: lastPosition,
        };
        planned.set(entryKey(insert), { ...record, version: 1, json: JSON.stringify(data) });
      } else if ("replace" in change) {
        const { replace } = change;
        const entry = now(replace);
        if (!entry || entry.version !== replace.version) return null;
        planned.set(entryKey(replace), {
          ...entry,
          version: entry.version + 1,
          labels: replace.labels ? { ...replace.labels } : entry.labels,
          dueAt: replace.dueAt === undefined ? entry.dueAt : replace.dueAt,
          json: replace.data === undefined ? entry.json : JSON.stringify(replace.data),
        });
      } else {
        planned.set(entryKey(change.delete), change.delete);
      }
    }
    return planned;
  }

  function forgetOldest(): void {
    for (const entry of shelves.oldestFirst()) {
      if (shelves.bytes <= maxBytes) return;
      if (entry.dueAt === null && entry.parent === "") shelves.remove(entry);
    }
  }

  return {
    specificationVersion: "v1",
    async get(key) {
      const entry = shelves.get(key);
      return entry ? recordOf(entry) : null;
    },
    async list(query) {
      const page = shelves.page(query);
      return page && { records: page.entries.map(recordOf), hasMore: page.hasMore };
    },
    async write(changes) {
      const planned = plan(changes);
      if (!planned) return false;
      for (const change of planned.values()) {
        if ("version" in change) shelves.put(change);
        else shelves.remove(change);
      }
      forgetOldest();
      return true;
    },
    async claim(collection, now, until) {
      const entry = shelves.dueFirst(collection, now);
      if (!entry) return null;
      const claimed = { ...entry, dueAt: until, version: entry.version + 1 };
      shelves.put(claimed);
      return recordOf(claimed);
    },
  };
}

function keyOf(change: Change): RecordKey {
  if ("insert" in change) return change.insert;
  return "replace" in change ? change.replace : change.delete;
}

function recordOf({ json, labels, ...entry }: Entry): StoredRecord {
  return { ...entry, labels: { ...labels }, data: JSON.parse(json) };
}
