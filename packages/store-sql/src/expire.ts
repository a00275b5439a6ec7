import { sql } from "kysely";
import type { SqlDialect } from "./dialect.ts";
import { type Labels, labelledOf } from "./labels.ts";
import { NEVER } from "./never.ts";
import { createPortion } from "./portion.ts";
import type { RecordRow } from "./record-row.ts";
import { prepared } from "./statement.ts";
import type { Database } from "./tables.ts";

type Found = Pick<RecordRow, "position" | "owner">;

/**
 * Erases some of what has expired, those first that expired first, in one transaction; their children are left to the sweeper. Two
 * processes may be at the same rows: the second finds them gone.
 */
export function createExpire(database: Database, labelled: Labels, { sweptAtOnce, lockOwners }: SqlDialect) {
  const expired = prepared<Found>((slot) =>
    database
      .selectFrom("outlet_records")
      .select(["position", "owner"])
      .where("expires_at", "<=", slot<number>("now"))
      // The index says so of itself: a planner that is not told does not know that it will do.
      .where("expires_at", "<", sql<number>`${sql.lit(NEVER)}`)
      .orderBy("expires_at")
      .limit(slot<number>("most")),
  );
  const portion = createPortion(sweptAtOnce);

  return async (now: number): Promise<number> => {
    // Most often nothing has, and to find that out takes no write lock.
    const found = await expired.run(database, { now, most: portion.size });
    if (found.length === 0) return 0;
    const start = performance.now();
    const erased = await database.transaction().execute((db) => erase(db, now, found));
    portion.took(performance.now() - start);
    return erased;
  };

  async function erase(db: Database, now: number, found: readonly Found[]): Promise<number> {
    await lockOwners(db, new Set(found.map(({ owner }) => owner)));
    const positions = found.map(({ position }) => Number(position));
    const rows = await db
      .deleteFrom("outlet_records")
      .where("position", "in", positions)
      // One may have been replaced meanwhile, or another process deleted it, and its position is another's.
      .where("expires_at", "<=", now)
      .returning(["collection", "owner", "parent", "position", "labels"])
      .execute();
    const erased = rows.map(labelledOf);
    await labelled.deleteAll(db, erased);
    const parents = erased.filter(({ list }) => list.parent === 0).map(({ position }) => position);
    if (parents.length > 0) await doom(db, parents);
    return erased.length;
  }

  /** Leaves the children of these to the sweeper. */
  async function doom(db: Database, parents: readonly number[]): Promise<void> {
    await db
      .insertInto("outlet_doomed")
      .columns(["parent"])
      .expression((from) =>
        from
          .selectFrom("outlet_records")
          .select("parent")
          .distinct()
          .where("parent", "in", parents)
          .where("parent", "<>", 0),
      )
      .execute();
  }
}
