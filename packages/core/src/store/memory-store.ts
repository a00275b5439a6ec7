import { jsonOf } from "./json-text.ts";
import { createShelves, type Entry, entryKey, isAlive, parentKey } from "./memory-shelves.ts";
import type { Change, RecordKey, Store, StoredRecord } from "./store.ts";

export interface MemoryStoreOptions {
  /** Bytes it holds, about; beyond that the oldest thirtieth is forgotten, except what work is due on. Default: 64 MiB. */
  maxBytes?: number;
}

type Step = { readonly put: Entry } | { readonly remove: RecordKey };

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;
const ERASED_AT_ONCE = 100;
/** The share of its bytes that is left when it has forgotten. */
const KEPT = 29 / 30;

/**
 * The store that an outlet has when it is given none, and the reference for the others: in this process's memory, gone with it, and
 * bounded.
 */
export function createMemoryStore({ maxBytes = DEFAULT_MAX_BYTES }: MemoryStoreOptions = {}): Store {
  const shelves = createShelves();
  let lastPosition = 0;

  /** The steps that the changes come to, or null when one of them cannot be made. */
  function plan(changes: readonly Change[]): Step[] | null {
    const steps: Step[] = [];
    /** What the steps so far leave under a key; null for nothing. */
    const planned = new Map<string, Entry | null>();
    const now = (key: RecordKey): Entry | null => {
      const entry = planned.get(entryKey(key));
      if (entry !== undefined) return entry;
      // A parent that is deleted or new in this write has none of the children that are there.
      if (key.parent && planned.has(entryKey(parentKey(key))) && changedHands(parentKey(key))) return null;
      return shelves.get(key) ?? null;
    };
    const changedHands = (key: RecordKey) => planned.get(entryKey(key))?.position !== shelves.get(key)?.position;
    const put = (entry: Entry) => {
      planned.set(entryKey(entry), entry);
      steps.push({ put: entry });
    };
    for (const change of changes) {
      if ("insert" in change) {
        const { insert } = change;
        if (now(insert) || (insert.parent && !now(parentKey(insert)))) return null;
        const {
          collection,
          owner,
          parent = "",
          id,
          createdAt,
          labels = {},
          dueAt = null,
          expiresAt = null,
          data,
          details = null,
        } = insert;
        lastPosition += 1;
        const key = { collection, owner, parent, id };
        const rest = { createdAt, labels: { ...labels }, dueAt, expiresAt, position: lastPosition, version: 1 };
        put({ ...key, ...rest, json: jsonOf(data), details: details === null ? null : jsonOf(details) });
      } else if ("replace" in change) {
        const { replace } = change;
        const entry = now(replace);
        if (!entry || entry.version !== replace.version) return null;
        put({
          ...entry,
          version: entry.version + 1,
          labels: replace.labels ? { ...replace.labels } : entry.labels,
          dueAt: replace.dueAt === undefined ? entry.dueAt : replace.dueAt,
          expiresAt: replace.expiresAt === undefined ? entry.expiresAt : replace.expiresAt,
          json: replace.data === undefined ? entry.json : jsonOf(replace.data),
        });
      } else {
        const key = change.delete;
        for (const [name, entry] of planned) {
          if (entry?.parent === key.id && entryKey(parentKey(entry)) === entryKey(key)) planned.set(name, null);
        }
        planned.set(entryKey(key), null);
        steps.push({ remove: key });
      }
    }
    return steps;
  }

  return {
    specificationVersion: "v1",
    async get(query) {
      const entry = shelves.get(query);
      return entry && isAlive(entry, query) ? recordWithDetails(entry) : null;
    },
    async list(query) {
      const page = shelves.page(query);
      return page && { records: page.entries.map(recordOf), hasMore: page.hasMore };
    },
    async write(changes) {
      const steps = plan(changes);
      if (!steps) return false;
      for (const step of steps) {
        if ("put" in step) shelves.put(step.put);
        else shelves.remove(step.remove);
      }
      // Some at a time: lists are gone through for it.
      if (shelves.bytes > maxBytes) shelves.forgetOldest(maxBytes * KEPT);
      return true;
    },
    async claim(collection, now, until) {
      const entry = shelves.dueFirst(collection, now);
      if (!entry) return null;
      const claimed = { ...entry, dueAt: until, version: entry.version + 1 };
      shelves.put(claimed);
      return recordWithDetails(claimed);
    },
    async expire(now) {
      const expired = shelves.expired(now, ERASED_AT_ONCE);
      for (const entry of expired) shelves.remove(entry);
      return expired.length;
    },
  };
}

function recordOf({ json, labels, expiresAt: _, ...entry }: Entry): StoredRecord {
  return { ...entry, labels: { ...labels }, data: JSON.parse(json), details: null };
}

function recordWithDetails(entry: Entry): StoredRecord {
  return { ...recordOf(entry), details: entry.details === null ? null : JSON.parse(entry.details) };
}
