import { unavailable } from "../errors/catalogue.ts";
import type { Change, NewRecord, RecordKey, Store, StoredRecord } from "./store.ts";

const MAX_TRIES = 8;

/** What a record becomes: the rest stays as it is. `null` leaves it alone. */
export type Replacement = Partial<Pick<NewRecord, "labels" | "dueAt" | "expiresAt" | "data">> | null;

/**
 * Reads a record, and writes what `change` makes of it, again when somebody else was faster. `also` is written with it, or not at
 * all. `null` when there is no such record.
 */
export async function updateRecord(
  store: Store,
  key: RecordKey,
  change: (record: StoredRecord) => Replacement,
  also: readonly Change[] = [],
): Promise<StoredRecord | null> {
  const { collection, owner, parent = "", id } = key;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const record = await store.get(key);
    if (!record) return null;
    const replacement = change(record);
    if (!replacement) return record;
    const { version } = record;
    const written = await store.write([
      { replace: { collection, owner, parent, id, version, ...replacement } },
      ...also,
    ]);
    const { expiresAt: _, ...rest } = replacement;
    if (written) return { ...record, ...rest, version: version + 1 };
  }
  throw unavailable("The object is being changed by too many requests at once.");
}
