import { type List, labelDigests } from "./digests.ts";
import type { Rows } from "./rows.ts";
import { prepared } from "./statement.ts";
import type { Database } from "./tables.ts";

export interface Labelled {
  readonly list: List;
  readonly position: number;
  readonly labels: Readonly<Record<string, string>>;
}

export type Labels = ReturnType<typeof createLabels>;

export function createLabels(database: Database, { insertLabels }: Pick<Rows, "insertLabels">) {
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
      if (rows.length > 0) await insertLabels(db, rows);
    },
    /** The labels name their own keys, so that nothing has to find a record's labels by its position. */
    async delete(db: Database, { list, position, labels }: Labelled): Promise<void> {
      for (const key of labelDigests(list, labels)) await deleteRow.run(db, { key, position });
    },
  };
}
