import { type List, labelKeys } from "./label-key.ts";
import type { Database } from "./tables.ts";

type LabelMap = Readonly<Record<string, string>>;

export async function insertLabels(db: Database, list: List, position: number, labels: LabelMap): Promise<void> {
  const keys = labelKeys(list, labels);
  if (keys.length === 0) return;
  await db
    .insertInto("outlet_labels")
    .values(keys.map((key) => ({ key, position })))
    .execute();
}

/** The labels name their own keys, so that nothing has to find a record's labels by its position. */
export async function deleteLabels(db: Database, list: List, position: number, labels: LabelMap): Promise<void> {
  const keys = labelKeys(list, labels);
  if (keys.length === 0) return;
  await db.deleteFrom("outlet_labels").where("key", "in", keys).where("position", "=", position).execute();
}
