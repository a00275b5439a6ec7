import { keyDigest, type List, labelDigests, listDigest } from "./digests.ts";
import type { ChangeOf, RowKey } from "./encode.ts";
import type { Labelled, Labels } from "./labels.ts";
import type { Records } from "./records.ts";
import type { NewRecord, NewRow, Rows } from "./rows.ts";
import type { Database } from "./tables.ts";

type Insert = ChangeOf<"insert">;

export type Inserts = ReturnType<typeof createInserts>;

/** Positions of records that were just inserted in the transaction, so that their children need not look them up. */
export type Fresh = Map<string, number>;

/**
 * Inserts records, and their labels. The results are in the order of the inserts. No parent may be among them: they are looked up first,
 * among the `fresh` and then in the database.
 */
export function createInserts({ insertRecords }: Rows, records: Records, labels: Labels) {
  async function listOf(db: Database, key: RowKey, fresh: Fresh): Promise<List | null> {
    if (!key.parent) return { collection: key.collection, owner: key.owner, parent: 0 };
    const parent = fresh.get(freshName(key.parent));
    return parent === undefined ? records.listOf(db, key) : { collection: key.collection, owner: key.owner, parent };
  }

  return async (db: Database, inserts: readonly Insert[], fresh: Fresh): Promise<boolean[]> => {
    const results: boolean[] = inserts.map(() => false);
    const rows: NewRow[] = [];
    /** For each row, its list and its place among the inserts. */
    const places: { readonly list: List; readonly at: number }[] = [];
    const keys = new Set<string>();
    for (const [at, insert] of inserts.entries()) {
      const { key } = insert;
      const list = await listOf(db, key, fresh);
      // Of two with one key, the first is inserted.
      const name = list && `${list.parent}\0${freshName(key)}`;
      if (!list || !name || keys.has(name)) continue;
      keys.add(name);
      places.push({ list, at });
      rows.push(newRow(list, insert));
    }
    if (rows.length === 0) return results;
    const positions = await insertRecords(db, rows);
    const inserted: Labelled[] = [];
    for (const [i, { list, at }] of places.entries()) {
      const position = positions[i] ?? null;
      if (position === null) continue;
      const { key, labels } = inserts[at] as Insert;
      results[at] = true;
      inserted.push({ list, position, labels });
      if (!key.parent) fresh.set(freshName(key), position);
    }
    await labels.insert(db, inserted);
    return results;
  };
}

/** What is inserted for a record that belongs to no other. */
export function newRecord(insert: Insert): NewRecord {
  const { collection, owner } = insert.key;
  const list: List = { collection, owner, parent: 0 };
  return { row: newRow(list, insert), labels: labelDigests(list, insert.labels) };
}

function newRow(list: List, { key, createdAt, dueAt, expiresAt, labels, data, details }: Insert): NewRow {
  return {
    key: keyDigest(list, key.id),
    list: listDigest(list),
    collection: list.collection,
    owner: list.owner,
    parent: list.parent,
    id: key.id,
    created_at: createdAt,
    due_at: dueAt,
    version: 1,
    labels: JSON.stringify(labels),
    data,
    details,
    expires_at: expiresAt,
  };
}

/** Stored texts have no NUL in them. */
function freshName({ collection, owner, id }: Pick<RowKey, "collection" | "owner" | "id">): string {
  return `${collection}\0${owner}\0${id}`;
}
