import type { ChangeOf } from "./encode.ts";
import type { List } from "./label-key.ts";
import type { Labels } from "./labels.ts";
import type { Records } from "./records.ts";
import { preparedRows } from "./statement.ts";
import type { Database, RecordsTable } from "./tables.ts";

type Insert = ChangeOf<"insert">;

interface Placed {
  readonly list: List;
  readonly name: string;
  readonly insert: Insert;
}

const COLUMNS = [
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

/**
 * Inserts records in one statement, and their labels in another: what a transaction costs is round trips. The results are in the order
 * of the inserts. No parent may be among them: they are looked up first.
 */
export function createInserts(database: Database, records: Records, labels: Labels) {
  const insertRows = preparedRows<RowValues, List & { id: string; position: number }>(COLUMNS, (rows) =>
    database
      .insertInto("outlet_records")
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .returning(["position", "collection", "owner", "parent", "id"]),
  );

  return async (db: Database, inserts: readonly Insert[]): Promise<boolean[]> => {
    const placed = new Map<Insert, Placed>();
    const names = new Set<string>();
    for (const insert of inserts) {
      const list = await records.listOf(db, insert.key);
      if (!list) continue;
      const name = nameOf({ ...list, id: insert.key.id });
      // Of two with one key, the first is inserted.
      if (!names.has(name)) placed.set(insert, { list, name, insert });
      names.add(name);
    }
    if (placed.size === 0) return inserts.map(() => false);
    const rows = await insertRows.run(db, [...placed.values()].map(valuesOf));
    const positions = new Map(rows.map((row) => [nameOf(row), Number(row.position)]));
    await labels.insert(
      db,
      [...placed.values()].flatMap(({ list, name, insert }) => {
        const position = positions.get(name);
        return position === undefined ? [] : [{ list, position, labels: insert.labels }];
      }),
    );
    return inserts.map((insert) => positions.has(placed.get(insert)?.name ?? ""));
  };
}

function valuesOf({ list, insert: { key, createdAt, dueAt, labels, data } }: Placed): RowValues {
  const { collection, owner, parent } = list;
  const times = { created_at: createdAt, due_at: dueAt };
  return { collection, owner, parent, id: key.id, ...times, version: 1, labels: JSON.stringify(labels), data };
}

function nameOf({ collection, owner, parent, id }: List & { readonly id: string }): string {
  return JSON.stringify([collection, owner, Number(parent), id]);
}
