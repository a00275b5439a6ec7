import type { SqlDialect } from "./dialect.ts";
import { keyDigest, type List, listDigest } from "./digests.ts";
import type { ChangeOf, RowKey } from "./encode.ts";
import type { Labels } from "./labels.ts";
import type { Records } from "./records.ts";
import { preparedRows } from "./statement.ts";
import type { Database, RecordsTable } from "./tables.ts";

type Insert = ChangeOf<"insert">;

interface Placed {
  readonly list: List;
  readonly key: Uint8Array;
  /** The key as a text. */
  readonly name: string;
  readonly insert: Insert;
}

const COLUMNS = [
  "key",
  "list",
  "collection",
  "owner",
  "parent",
  "id",
  "created_at",
  "due_at",
  "version",
  "labels",
  "data",
] as const satisfies (keyof RecordsTable)[];

type RowValues = Pick<RecordsTable, (typeof COLUMNS)[number]>;

export type Inserts = ReturnType<typeof createInserts>;

/** Positions of records that were just inserted in the transaction, so that their children need not look them up. */
export type Fresh = Map<string, number>;

/**
 * Inserts records in one statement, and their labels in another: what a transaction costs is round trips. The results are in the order
 * of the inserts. No parent may be among them: they are looked up first, among the `fresh` and then in the database.
 */
export function createInserts(
  database: Database,
  { orIgnore }: Pick<SqlDialect, "orIgnore">,
  records: Records,
  labels: Labels,
) {
  const insertRows = preparedRows<RowValues, { key: Uint8Array; position: number }>(COLUMNS, (rows) => {
    const insert = database.insertInto("outlet_records").values(rows);
    const passing = orIgnore ? insert.orIgnore() : insert.onConflict((conflict) => conflict.doNothing());
    return passing.returning(["position", "key"]);
  });

  async function listOf(db: Database, key: RowKey, fresh: Fresh): Promise<List | null> {
    const parent = key.parent && fresh.get(freshName(key.parent));
    if (parent === null || parent === undefined) return records.listOf(db, key);
    return { collection: key.collection, owner: key.owner, parent };
  }

  return async (db: Database, inserts: readonly Insert[], fresh: Fresh): Promise<boolean[]> => {
    const placed = new Map<Insert, Placed>();
    const names = new Set<string>();
    for (const insert of inserts) {
      const list = await listOf(db, insert.key, fresh);
      if (!list) continue;
      const key = keyDigest(list, insert.key.id);
      const name = nameOf(key);
      // Of two with one key, the first is inserted.
      if (!names.has(name)) placed.set(insert, { list, key, name, insert });
      names.add(name);
    }
    if (placed.size === 0) return inserts.map(() => false);
    const rows = await insertRows.run(db, [...placed.values()].map(valuesOf));
    const positions = new Map(rows.map((row) => [nameOf(row.key), Number(row.position)]));
    const inserted = [...placed.values()].flatMap(({ list, name, insert: { key, labels } }) => {
      const position = positions.get(name);
      return position === undefined ? [] : [{ key, list, position, labels }];
    });
    await labels.insert(db, inserted);
    for (const { key, position } of inserted) if (!key.parent) fresh.set(freshName(key), position);
    return inserts.map((insert) => positions.has(placed.get(insert)?.name ?? ""));
  };
}

function valuesOf({
  list,
  key,
  insert: {
    key: { id },
    createdAt,
    dueAt,
    labels,
    data,
  },
}: Placed): RowValues {
  const place = { key, list: listDigest(list), ...list, id };
  return { ...place, created_at: createdAt, due_at: dueAt, version: 1, labels: JSON.stringify(labels), data };
}

/** Stored texts have no NUL in them. */
function freshName({ collection, owner, id }: Pick<RowKey, "collection" | "owner" | "id">): string {
  return `${collection}\0${owner}\0${id}`;
}

function nameOf(key: Uint8Array): string {
  return Buffer.from(key).toString("latin1");
}
