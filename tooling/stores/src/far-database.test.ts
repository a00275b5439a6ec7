import { createPostgresStore } from "@outlet/store-sql/postgres";
import { Pool } from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { dropSchema, findPostgres, schemaName } from "./postgres.ts";

const url = await findPostgres();
/** There and back, milliseconds. */
const WAY = 3;
const COUNT = 600;

describe.runIf(url)("a PostgreSQL that is far away", () => {
  it("has what has expired erased many at a time all the same", async () => {
    const connectionString = url as string;
    const schema = schemaName();
    const pool = new Pool({ connectionString });
    pool.on("connect", (client) => {
      const query = client.query.bind(client) as (...asked: unknown[]) => unknown;
      client.query = (async (...asked: unknown[]) => {
        await new Promise((resolve) => setTimeout(resolve, WAY));
        return query(...asked);
      }) as typeof client.query;
    });
    const store = await createPostgresStore({ pool, schema });
    onTestFinished(async () => {
      await store.close?.();
      await pool.end();
      await dropSchema(connectionString, schema);
    });
    const thing = { collection: "thing", owner: "me", createdAt: 1, expiresAt: 10, labels: { a: "1" }, data: null };
    await store.write(Array.from({ length: COUNT }, (_, i) => ({ insert: { ...thing, id: `t${i}` } })));
    const erased: number[] = [];
    for (let count = await store.expire(10); count > 0; count = await store.expire(10)) erased.push(count);
    expect(erased.reduce((sum, count) => sum + count)).toBe(COUNT);
    expect(erased.length).toBeLessThan(COUNT / 10);
  });
});
