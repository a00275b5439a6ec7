import type { NewRow, Rows } from "../rows.ts";
import { preparedRows } from "../statement.ts";
import type { Database, LabelsTable } from "../tables.ts";

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
  "expires_at",
] as const satisfies (keyof NewRow)[];

/** Labels of one statement. */
const MAX_ROWS = 128;

/** Many rows in a statement: what a transaction costs is round trips. */
export function postgresRows(database: Database): Rows {
  const records = preparedRows<NewRow, { key: Uint8Array; position: number }>(COLUMNS, (rows) =>
    database
      .insertInto("outlet_records")
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .returning(["position", "key"]),
  );
  const labels = preparedRows<LabelsTable, unknown>(["key", "position"], (rows) =>
    database.insertInto("outlet_labels").values(rows),
  );
  return {
    async insertRecords(db, rows) {
      const inserted = await records.run(db, rows);
      const positions = new Map(inserted.map(({ key, position }) => [nameOf(key), Number(position)]));
      return rows.map(({ key }) => positions.get(nameOf(key)) ?? null);
    },
    async insertLabels(db, rows) {
      for (let from = 0; from < rows.length; from += MAX_ROWS) await labels.run(db, rows.slice(from, from + MAX_ROWS));
    },
  };
}

function nameOf(key: Uint8Array): string {
  return Buffer.from(key).toString("latin1");
}
