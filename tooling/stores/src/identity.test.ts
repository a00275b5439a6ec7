import { createPostgresStore } from "@outlet/store-sql/postgres";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { openStore } from "./databases.ts";
import { onEveryDatabase } from "./every-database.ts";
import { newKey, REFRESH_MS, servePlatform } from "./platform-server.ts";
import { dropSchema, findPostgres, schemaName } from "./postgres.ts";
import { startProxy } from "./proxy.ts";

const url = await findPostgres();

onEveryDatabase((create) => {
  it("keeps keys when their process ends, and what it revokes is refused by another within `refreshMs`", async () => {
    const database = await create();
    onTestFinished(() => database.drop());
    const first = servePlatform(await openStore(database.place));
    const key = await newKey(first);
    await first.chat(key.value);
    const second = servePlatform(await openStore(database.place));
    expect((await second.chat(key.value)).choices[0]?.message.content).toBe("Hello!");

    await first.organization.projects.apiKeys.delete(key.id, { project_id: key.project_id });
    const revokedAt = performance.now();
    expect(await first.status(key.value)).toBe(401);
    await expect.poll(() => second.status(key.value), { interval: 5 }).toBe(401);
    // What is beyond the interval is the machine's.
    expect(performance.now() - revokedAt).toBeLessThan(REFRESH_MS + 5_000);
  });
});

describe.runIf(url)("a PostgreSQL that goes away", () => {
  it("closes no key that is known, and none that is not is a 401", async () => {
    const proxy = await startProxy(new URL(url as string));
    const schema = schemaName();
    onTestFinished(async () => {
      proxy.close();
      await dropSchema(url as string, schema);
    });
    const store = await createPostgresStore({ connectionString: proxy.url, schema });
    const get = vi.spyOn(store, "get");
    const looks = () =>
      get.mock.calls.filter(([{ id }], i) => id === "revision" && get.mock.settledResults[i]?.type === "fulfilled")
        .length;
    const server = servePlatform(store);
    const [known, other] = [await newKey(server), await newKey(server)];
    // A process forgets what has changed once more when it reads what others have: two looks later it has.
    const before = looks();
    await expect.poll(looks).toBeGreaterThan(before + 1);
    expect(await server.status(known.value)).toBe(200);
    await proxy.cut();
    for (let i = 0; i < 3; i += 1) {
      expect(await server.status(known.value)).toBe(200);
      expect(await server.status(other.value)).toBe(503);
    }
    expect(await server.status("sk-none")).toBe(401);
    proxy.restore();
    await expect.poll(() => server.status(other.value)).toBe(200);
    await server.organization.projects.apiKeys.delete(known.id, { project_id: known.project_id });
    expect(await server.status(known.value)).toBe(401);
  });
});
