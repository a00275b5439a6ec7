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

  async function positionOf(db: Database, list: List, id: string): Promise<number | null> {
    const [row] = await place.run(db, { key: keyDigest(list, id) });
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
    async get(db: Database, key: RowKey): Promise<RecordRow | null> {
      const list = await listOf(db, key);
      if (!list) return null;
      const [row] = await find.run(db, { key: keyDigest(list, key.id) });
      return row ?? null;
    },
  };
}
