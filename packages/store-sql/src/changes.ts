import { sql } from "kysely";
import { keyDigest } from "./digests.ts";
import type { ChangeOf } from "./encode.ts";
import type { Labels } from "./labels.ts";
import type { Records } from "./records.ts";
import { prepared } from "./statement.ts";
import type { Database } from "./tables.ts";

export type Changes = ReturnType<typeof createChanges>;

/** Makes a change in a transaction; false when it cannot be made, and the transaction goes on all the same. */
export function createChanges(database: Database, records: Records, labelled: Labels) {
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

  async function replace(db: Database, change: ChangeOf<"replace">): Promise<boolean> {
    const { key, version, dueAt, expiresAt, labels, data } = change;
    const list = await records.listOf(db, key);
    if (!list) return false;
    const former = labels && (await records.get(db, key));
    const [row] = await db
      .updateTable("outlet_records")
      .set({
        version: sql<number>`version + 1`,
        ...(dueAt !== undefined && { due_at: dueAt }),
        ...(expiresAt !== undefined && { expires_at: expiresAt }),
        ...(labels && { labels: JSON.stringify(labels) }),
        ...(data !== undefined && { data }),
      })
      .where("key", "=", keyDigest(list, key.id))
      .where("version", "=", version)
      .returning("position")
      .execute();
    if (!row) return false;
    const position = Number(row.position);
    if (former) await labelled.delete(db, { list, position, labels: JSON.parse(former.labels) });
    if (labels) await labelled.insert(db, [{ list, position, labels }]);
    return true;
  }

  async function remove(db: Database, { key }: ChangeOf<"delete">): Promise<boolean> {
    const list = await records.listOf(db, key);
    if (!list) return true;
    const [row] = await db
      .deleteFrom("outlet_records")
      .where("key", "=", keyDigest(list, key.id))
      .returning(["position", "labels"])
      .execute();
    if (!row) return true;
    const position = Number(row.position);
    await labelled.delete(db, { list, position, labels: JSON.parse(row.labels) });
    if (list.parent === 0) await doom.run(db, { position });
    return true;
  }

  return { replace, remove };
}
