import { sql } from "kysely";
import type { SqlDialect } from "./dialect.ts";
import { type List, labelDigests } from "./digests.ts";
import type { RecordRow } from "./record-row.ts";
import type { Rows } from "./rows.ts";
import { prepared, preparedRows } from "./statement.ts";
import type { Database, LabelsTable } from "./tables.ts";

export interface Labelled {
  readonly list: List;
  readonly position: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** What a deleted row was found by. */
export function labelledOf(row: Pick<RecordRow, "collection" | "owner" | "parent" | "position" | "labels">): Labelled {
  const { collection, owner, parent, position, labels } = row;
  const list = { collection, owner, parent: Number(parent) };
  return { list, position: Number(position), labels: JSON.parse(labels) };
}

export type Labels = ReturnType<typeof createLabels>;

/** Labels of one statement. */
const MAX_ROWS = 500;

export function createLabels(
  database: Database,
  { insertLabels }: Pick<Rows, "insertLabels">,
  { words }: Pick<SqlDialect, "words">,
) {
  const deleteRow = prepared((slot) =>
    database
      .deleteFrom("outlet_labels")
      .where("key", "=", slot<Uint8Array>("key"))
      .where("position", "=", slot<number>("position"))
      .returning("position"),
  );
  const bytes = sql.raw(words.bytes);
  const bigint = sql.raw(words.bigint);
  // By pairs, each of which PostgreSQL looks up: of a label and a list of positions, it reads all that has the label.
  const deleteRows = preparedRows<LabelsTable, unknown>(["key", "position"], (rows) => {
    const pairs = rows.map(({ key, position }) => sql`(cast(${key} as ${bytes}), cast(${position} as ${bigint}))`);
    return database.deleteFrom("outlet_labels").where(sql<boolean>`(key, position) in (values ${sql.join(pairs)})`);
  });

  return {
    async insert(db: Database, records: readonly Labelled[]): Promise<void> {
      const rows = rowsOf(records);
      if (rows.length > 0) await insertLabels(db, rows);
    },
    /** The labels name their own keys, so that nothing has to find a record's labels by its position. */
    async delete(db: Database, { list, position, labels }: Labelled): Promise<void> {
      for (const key of labelDigests(list, labels)) await deleteRow.run(db, { key, position });
    },
    /** The same for many records at once. */
    async deleteAll(db: Database, records: readonly Labelled[]): Promise<void> {
      const rows = rowsOf(records);
      for (let from = 0; from < rows.length; from += MAX_ROWS)
        await deleteRows.run(db, rows.slice(from, from + MAX_ROWS));
    },
  };
}

function rowsOf(records: readonly Labelled[]): LabelsTable[] {
  return records.flatMap(({ list, position, labels }) => labelDigests(list, labels).map((key) => ({ key, position })));
}
