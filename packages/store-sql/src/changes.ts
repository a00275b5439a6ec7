import { sql } from "kysely";
import type { RowChange } from "./encode.ts";
import { deleteLabels, insertLabels } from "./labels.ts";
import type { Records } from "./records.ts";
import { prepared } from "./statement.ts";
import type { Database } from "./tables.ts";

type Of<Type extends RowChange["type"]> = Extract<RowChange, { type: Type }>;

export type Changes = ReturnType<typeof createChanges>;

/** Makes one change in a transaction; false when it cannot be made, and the transaction goes on all the same. */
export function createChanges(database: Database, records: Records) {
  const insertRecord = prepared<{ position: number }>((slot) =>
    database
      .insertInto("outlet_records")
      .values({
        collection: slot("collection"),
        owner: slot("owner"),
        parent: slot("parent"),
        id: slot("id"),
        created_at: slot("createdAt"),
        due_at: slot("dueAt"),
        version: 1,
        labels: slot("labels"),
        data: slot("data"),
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning("position"),
  );
  const doom = prepared<{ parent: number }>((slot) =>
    database
      .insertInto("outlet_doomed")
      .columns(["parent"])
      .expression((from) =>
        from
          .selectFrom("outlet_records")
          .select("parent")
          .where("parent", "=", slot<number>("position"))
          .where("parent", "<>", 0)
          .limit(1),
      )
      .returning("parent"),
  );

  async function insert(db: Database, { key, createdAt, dueAt, labels, data }: Of<"insert">): Promise<boolean> {
    const list = await records.listOf(db, key);
    if (!list) return false;
    const values = { ...list, id: key.id, createdAt, dueAt, labels: JSON.stringify(labels), data };
    const [row] = await insertRecord.run(db, values);
    if (!row) return false;
    await insertLabels(db, list, Number(row.position), labels);
    return true;
  }

  async function replace(db: Database, { key, version, dueAt, labels, data }: Of<"replace">): Promise<boolean> {
    const list = await records.listOf(db, key);
    if (!list) return false;
    const former = labels && (await records.get(db, key));
    const [row] = await db
      .updateTable("outlet_records")
      .set({
        version: sql<number>`version + 1`,
        ...(dueAt !== undefined && { due_at: dueAt }),
        ...(labels && { labels: JSON.stringify(labels) }),
        ...(data !== undefined && { data }),
      })
      .where("collection", "=", list.collection)
      .where("owner", "=", list.owner)
      .where("parent", "=", list.parent)
      .where("id", "=", key.id)
      .where("version", "=", version)
      .returning("position")
      .execute();
    if (!row) return false;
    const position = Number(row.position);
    if (former) await deleteLabels(db, list, position, JSON.parse(former.labels));
    if (labels) await insertLabels(db, list, position, labels);
    return true;
  }

  async function remove(db: Database, { key }: Of<"delete">): Promise<boolean> {
    const list = await records.listOf(db, key);
    if (!list) return true;
    const [row] = await db
      .deleteFrom("outlet_records")
      .where("collection", "=", list.collection)
      .where("owner", "=", list.owner)
      .where("parent", "=", list.parent)
      .where("id", "=", key.id)
      .returning(["position", "labels"])
      .execute();
    if (!row) return true;
    const position = Number(row.position);
    await deleteLabels(db, list, position, JSON.parse(row.labels));
    if (list.parent === 0) await doom.run(db, { position });
    return true;
  }

  return {
    make(db: Database, change: RowChange): Promise<boolean> {
      if (change.type === "insert") return insert(db, change);
      return change.type === "replace" ? replace(db, change) : remove(db, change);
    },
  };
}
