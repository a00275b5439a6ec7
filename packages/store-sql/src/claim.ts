import type { StoredRecord } from "@outlet/core";
import { type Kysely, sql } from "kysely";
import type { SqlDialect } from "./dialect.ts";
import { type RecordRow, recordOf } from "./record-row.ts";
import { prepared } from "./statement.ts";
import type { Database, Tables } from "./tables.ts";
import { restored, stored } from "./text.ts";

/** Takes what has been due the longest: one statement, which no two callers get the same record from. */
export function createClaim(database: Database, { skipLocked }: Pick<SqlDialect, "skipLocked">) {
  const anythingDue = prepared<{ position: number }>((slot) => due(database, slot));
  const take = prepared<RecordRow & { parent_id: string | null }>((slot) =>
    database
      .updateTable("outlet_records")
      .set({ due_at: slot("until"), version: sql<number>`version + 1` })
      .where("position", "=", (from) => {
        const query = due(from as unknown as Kysely<Tables>, slot);
        return skipLocked ? query.forUpdate().skipLocked() : query;
      })
      .returningAll()
      .returning((from) =>
        from
          .selectFrom("outlet_records as parents")
          .select("parents.id")
          .whereRef("parents.position", "=", "outlet_records.parent")
          .as("parent_id"),
      ),
  );

  return async (collection: string, now: number, until: number): Promise<StoredRecord | null> => {
    const values = { collection: stored(collection), now, until };
    // Most often nothing is due, and to find that out takes no write lock.
    if ((await anythingDue.run(database, values)).length === 0) return null;
    const [row] = await take.run(database, values);
    return row ? recordOf(row, restored(row.parent_id ?? "")) : null;
  };
}

/** The record that has been due the longest, unless its parent is gone and it is about to be swept. */
function due(from: Pick<Database, "selectFrom">, slot: <T>(name: string) => T) {
  return from
    .selectFrom("outlet_records as candidates")
    .select("candidates.position")
    .where("candidates.collection", "=", slot<string>("collection"))
    .where("candidates.due_at", "<=", slot<number>("now"))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("outlet_doomed")
            .select("outlet_doomed.parent")
            .whereRef("outlet_doomed.parent", "=", "candidates.parent"),
        ),
      ),
    )
    .orderBy("candidates.due_at")
    .orderBy("candidates.position")
    .limit(1);
}
