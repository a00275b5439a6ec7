import type { SqlDialect } from "./dialect.ts";
import { type List, labelDigests } from "./digests.ts";
import { prepared, preparedRows } from "./statement.ts";
import type { Database, LabelsTable } from "./tables.ts";

export interface Labelled {
  readonly list: List;
  readonly position: number;
  readonly labels: Readonly<Record<string, string>>;
}

export type Labels = ReturnType<typeof createLabels>;

/** Rows of one statement. */
const MAX_ROWS = 128;

export function createLabels(database: Database, { orIgnore }: Pick<SqlDialect, "orIgnore">) {
  const insertRows = preparedRows<LabelsTable, unknown>(["key", "position"], (rows) => {
    const insert = database.insertInto("outlet_labels").values(rows);
    return orIgnore ? insert.orIgnore() : insert;
  });
  const deleteRow = prepared((slot) =>
    database
      .deleteFrom("outlet_labels")
      .where("key", "=", slot<Uint8Array>("key"))
      .where("position", "=", slot<number>("position"))
      .returning("position"),
  );

  return {
    async insert(db: Database, records: readonly Labelled[]): Promise<void> {
      const rows = records.flatMap(({ list, position, labels }) =>
        labelDigests(list, labels).map((key) => ({ key, position })),
      );
      for (let from = 0; from < rows.length; from += MAX_ROWS) {
        await insertRows.run(db, rows.slice(from, from + MAX_ROWS));
      }
    },
    /** The labels name their own keys, so that nothing has to find a record's labels by its position. */
    async delete(db: Database, { list, position, labels }: Labelled): Promise<void> {
      for (const key of labelDigests(list, labels)) await deleteRow.run(db, { key, position });
    },
  };
}
