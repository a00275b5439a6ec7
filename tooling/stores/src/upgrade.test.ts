import type { Store } from "@outlet/core";
import { createPostgresStore } from "@outlet/store-sql/postgres";
import { Pool } from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { openStore, postgresDatabase, runSql } from "./databases.ts";
import { onEveryDatabase } from "./every-database.ts";
import { findPostgres } from "./postgres.ts";

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

/** Rows whose index takes longer to make than a statement may. */
const MANY = `insert into outlet_records (key, list, collection, owner, parent, id, created_at, version, labels, data)
  select int4send(i), '', 'thing', 'me', 0, 't' || i, 1, 1, '{}', 'null' from generate_series(1, 100000) as i`;

const url = await findPostgres();

describe.runIf(url)("a large PostgreSQL", () => {
  it("is brought up to date however long that takes, where a statement may take no time", async () => {
    const { place, drop } = await postgresDatabase(url as string);
    const { connectionString, schema } = place as Extract<typeof place, { schema: string }>;
    const pool = new Pool({ connectionString, statement_timeout: 20 });
    onTestFinished(async () => {
      await pool.end();
      await drop();
    });
    await (await openStore(place)).close?.();
    for (const statement of [...TO_THE_FIRST, MANY]) await runSql(place, statement);
    const store = await createPostgresStore({ pool, schema });
    await store.close?.();
    expect(await runSql(place, "select version from outlet_schema")).toEqual([{ version: 2 }]);
  });
});
