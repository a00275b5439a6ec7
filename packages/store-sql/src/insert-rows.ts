import type { SqlDialect } from "./dialect.ts";
import { preparedRows } from "./statement.ts";
import type { Database, RecordsTable } from "./tables.ts";

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
  "details",
] as const satisfies (keyof RecordsTable)[];

export type NewRow = Pick<RecordsTable, (typeof COLUMNS)[number]>;

/** Inserts rows with different keys in one statement, and tells their positions; null for one whose key is there already. */
export type InsertRows = (db: Database, rows: readonly NewRow[]) => Promise<(number | null)[]>;

export function createInsertRows(database: Database, { orIgnore, lastPosition }: SqlDialect): InsertRows {
  const passing = (rows: readonly NewRow[]) => {
    const insert = database.insertInto("outlet_records").values(rows);
    return orIgnore ? insert.orIgnore() : insert.onConflict((conflict) => conflict.doNothing());
  };
  if (!lastPosition) {
    const insert = preparedRows<NewRow, { key: Uint8Array; position: number }>(COLUMNS, (rows) =>
      passing(rows).returning(["position", "key"]),
    );
    return async (db, rows) => {
      const inserted = await insert.run(db, rows);
      const positions = new Map(inserted.map(({ key, position }) => [nameOf(key), Number(position)]));
      return rows.map(({ key }) => positions.get(nameOf(key)) ?? null);
    };
  }

  const insert = preparedRows<NewRow & { position: number }, unknown>(["position", ...COLUMNS], passing);
  /** A reader that has found a record by its position may still be on its way to it. */
  let given = 0;
  return async (db, rows) => {
    const last = Math.max(given, await lastPosition(db));
    given = last + rows.length;
    const placed = rows.map((row, i) => ({ position: last + 1 + i, ...row }));
    const count = await insert.count(db, placed);
    const positions = placed.map(({ position }) => position);
    if (count === rows.length) return positions;
    const inserted = await db.selectFrom("outlet_records").select("position").where("position", ">", last).execute();
    const there = new Set(inserted.map(({ position }) => position));
    return positions.map((position) => (there.has(position) ? position : null));
  };
}

function nameOf(key: Uint8Array): string {
  return Buffer.from(key).toString("latin1");
}
