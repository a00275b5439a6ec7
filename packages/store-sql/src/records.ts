import { keyDigest, type List } from "./digests.ts";
import type { RowKey } from "./encode.ts";
import type { RecordRow } from "./record-row.ts";
import { prepared } from "./statement.ts";
import type { Database } from "./tables.ts";

export type Records = ReturnType<typeof createRecords>;

/** Finding one record. */
export function createRecords(database: Database) {
  const find = prepared<RecordRow>((slot) =>
    database.selectFrom("outlet_records").selectAll().where("key", "=", slot<Uint8Array>("key")),
  );
  const place = prepared<{ position: number }>((slot) =>
    database.selectFrom("outlet_records").select("position").where("key", "=", slot<Uint8Array>("key")),
  );
  const placeAlive = prepared<{ position: number }>((slot) =>
    database
      .selectFrom("outlet_records")
      .select("position")
      .where("key", "=", slot<Uint8Array>("key"))
      .where("expires_at", ">", slot<number>("aliveAt")),
  );

  async function positionOf(db: Database, list: List, id: string, aliveAt?: number): Promise<number | null> {
    const key = keyDigest(list, id);
    const [row] = aliveAt === undefined ? await place.run(db, { key }) : await placeAlive.run(db, { key, aliveAt });
    return row ? Number(row.position) : null;
  }

  /** The list that a key is in; null when the parent is not there. */
  async function listOf(db: Database, { collection, owner, parent }: Omit<RowKey, "id">): Promise<List | null> {
    if (!parent) return { collection, owner, parent: 0 };
    const position = await positionOf(db, { collection: parent.collection, owner, parent: 0 }, parent.id);
    return position === null ? null : { collection, owner, parent: position };
  }

  return {
    listOf,
    positionOf,
    async get(db: Database, key: RowKey, aliveAt = Number.NEGATIVE_INFINITY): Promise<RecordRow | null> {
      const list = await listOf(db, key);
      if (!list) return null;
      const [row] = await find.run(db, { key: keyDigest(list, key.id) });
      return row && Number(row.expires_at) > aliveAt ? row : null;
    },
  };
}
