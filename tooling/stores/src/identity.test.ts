import { createOutlet, defineModel, type Store } from "@outlet/core";
import { createPostgresStore } from "@outlet/store-sql/postgres";
import OpenAI from "openai";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { openStore } from "./databases.ts";
import { onEveryDatabase } from "./every-database.ts";
import { dropSchema, findPostgres, schemaName } from "./postgres.ts";
import { startProxy } from "./proxy.ts";

const ADMIN = "sk-admin-of-the-host-0123456789";
const REFRESH_MS = 200;
const url = await findPostgres();

/** A server of the platform's, as one of its processes is. */
function serve(store: Store) {
  const outlet = createOutlet({
    models: { greeter: defineModel(() => "Hello!") },
    platform: { adminKeys: [ADMIN], refreshMs: REFRESH_MS },
    store,
    logger: { error() {}, warn() {} },
  });
  onTestFinished(() => outlet.close({ graceMs: 0 }));
  const client = (apiKey: string) =>
    new OpenAI({ baseURL: "http://outlet/v1", apiKey, adminAPIKey: ADMIN, fetch: outlet.fetch, maxRetries: 0 });
  return {
    projects: client("none").admin.organization.projects,
    chat: (apiKey: string) =>
      client(apiKey).chat.completions.create({ model: "greeter", messages: [{ role: "user", content: "Hi" }] }),
    /** 200, or what the call is refused with. */
    status: (apiKey: string): Promise<number> =>
      client(apiKey)
        .models.list()
        .then(
          () => 200,
          (error) => error.status,
        ),
  };
}

async function newKey({ projects }: ReturnType<typeof serve>) {
  const project = await projects.create({ name: "Search" });
  const account = await projects.serviceAccounts.create(project.id, { name: "indexer" });
  const { id, value } = account.api_key as NonNullable<typeof account.api_key>;
  return { project_id: project.id, id, value };
}

onEveryDatabase((create) => {
  it("keeps keys when their process ends, and what it revokes is refused by another within `refreshMs`", async () => {
    const database = await create();
    onTestFinished(() => database.drop());
    const first = serve(await openStore(database.place));
    const key = await newKey(first);
    await first.chat(key.value);
    const second = serve(await openStore(database.place));
    expect((await second.chat(key.value)).choices[0]?.message.content).toBe("Hello!");

    await first.projects.apiKeys.delete(key.id, { project_id: key.project_id });
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
    const server = serve(store);
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
    await server.projects.apiKeys.delete(known.id, { project_id: known.project_id });
    expect(await server.status(known.value)).toBe(401);
  });
});
