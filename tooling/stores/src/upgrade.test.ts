import type { Store } from "@outlet/core";
import { expect, it, onTestFinished } from "vitest";
import { openStore, runSql } from "./databases.ts";
import { onEveryDatabase } from "./every-database.ts";

/** What the schema's second version changed, the other way round. */
const TO_THE_FIRST = [
  "drop index outlet_records_list",
  "drop index outlet_records_expiry",
  "alter table outlet_records drop column expires_at",
  "create index outlet_records_list on outlet_records (list, position)",
  "update outlet_schema set version = 1",
];

const thing = { collection: "thing", owner: "me", id: "t1" };
const labels = { a: "1" };
const ever = Number.MAX_SAFE_INTEGER - 1;

async function alive(store: Store): Promise<unknown[] | undefined> {
  const page = await store.list({ ...thing, labels, aliveAt: ever, order: "asc", limit: 9 });
  return page?.records.map(({ id, data }) => [id, data]);
}

onEveryDatabase((create) => {
  it("is brought up to date by one of the processes that start, and what it has does not expire", async () => {
    const { place, drop } = await create();
    onTestFinished(drop);
    const former = await openStore(place);
    await former.write([{ insert: { ...thing, createdAt: 1, labels, data: "kept" } }]);
    await former.close?.();
    for (const statement of TO_THE_FIRST) await runSql(place, statement);

    const stores = await Promise.all([openStore(place), openStore(place), openStore(place)]);
    const [store] = stores;
    await store.write([{ insert: { ...thing, id: "t2", createdAt: 1, labels, expiresAt: 10, data: "gone" } }]);
    for (const one of stores) expect(await alive(one)).toEqual([["t1", "kept"]]);
    expect(await store.expire(ever)).toBe(1);
    expect(await alive(store)).toEqual([["t1", "kept"]]);
    await Promise.all(stores.map((one) => one.close?.()));
  });
});
