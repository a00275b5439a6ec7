import OpenAI from "openai";
import { afterEach, expect, it, vi } from "vitest";
import {
  createMemoryStore,
  defineModel,
  type Outlet,
  type OutletOptions,
  type PlatformNews,
  type Store,
} from "../index.ts";
import { testOutlet } from "../test-support.ts";

const ADMIN = "sk-admin-of-the-host-0123456789";
const models = { m: defineModel(() => "hi"), other: defineModel(() => "ho") };

const open: Outlet[] = [];
afterEach(async () => {
  for (const outlet of open.splice(0)) await outlet.close({ graceMs: 0 });
});

/** A store that counts what it is asked, can be down, and is as good as shared. */
function watchedStore(): Store & { reads: string[]; down: boolean } {
  const memory = createMemoryStore();
  const state = {
    ...memory,
    durable: true,
    reads: [] as string[],
    down: false,
    async get(key: Parameters<Store["get"]>[0]) {
      if (state.down) throw new Error("the database is down");
      state.reads.push(key.collection);
      return memory.get(key);
    },
    async write(changes: Parameters<Store["write"]>[0]) {
      if (state.down) throw new Error("the database is down");
      return memory.write(changes);
    },
  };
  return state;
}

function platform(options: Partial<OutletOptions> = {}) {
  const { outlet, settled, logged, post } = testOutlet({
    models,
    access: undefined,
    platform: { adminKeys: [ADMIN] },
    ...options,
  } as never);
  open.push(outlet);
  const client = (apiKey: string) =>
    new OpenAI({ baseURL: "http://outlet/v1", apiKey, adminAPIKey: apiKey, fetch: outlet.fetch, maxRetries: 0 });
  const { organization } = client(ADMIN).admin;
  return { outlet, settled, logged, post, client, admin: organization };
}

async function withKey(options: Partial<OutletOptions> = {}) {
  const server = platform(options);
  const project = await server.admin.projects.create({ name: "Search" });
  const account = await server.admin.projects.serviceAccounts.create(project.id, { name: "indexer" });
  const key = account.api_key as NonNullable<typeof account.api_key>;
  return { ...server, project, account, key };
}

const ask = (client: OpenAI, model = "m") =>
  client.chat.completions.create({ model, messages: [{ role: "user", content: "x" }] });

it("issues a key that opens the outlet for its project until it is revoked", async () => {
  const { client, admin, project, account, key, settled } = await withKey();
  expect(key.value).toMatch(/^sk-svcacct-[\w-]{43}$/);
  expect((await ask(client(key.value))).choices[0]?.message.content).toBe("hi");
  const organization = settled.at(-1)?.principal?.organization;
  expect(organization).toMatch(/^org-/);
  expect(settled.at(-1)?.principal).toEqual({
    id: key.id,
    organization,
    project: project.id,
    apiKey: key.id,
    serviceAccount: account.id,
  });
  await admin.projects.apiKeys.delete(key.id, { project_id: project.id });
  await expect(ask(client(key.value))).rejects.toMatchObject({ status: 401, code: "invalid_api_key" });
});

it("shows a key's secret once, and keeps none of it", async () => {
  const store = createMemoryStore();
  const writes: string[] = [];
  const { admin, project, key } = await withKey({
    store: {
      ...store,
      durable: true,
      write: (changes) => {
        writes.push(JSON.stringify(changes));
        return store.write(changes);
      },
    },
  });
  const shown = await admin.projects.apiKeys.retrieve(key.id, { project_id: project.id });
  expect(shown.redacted_value).toBe(`sk-svcacct-********${key.value.slice(-4)}`);
  expect(JSON.stringify(shown)).not.toContain(key.value);
  expect(writes.join()).not.toContain(key.value.slice(11));
});

it.each([
  ["its service account is deleted", "account"],
  ["its project is archived", "project"],
])("closes a key when %s", async (_name, what) => {
  const { client, admin, project, account, key } = await withKey();
  await ask(client(key.value));
  if (what === "account") await admin.projects.serviceAccounts.delete(account.id, { project_id: project.id });
  else await admin.projects.archive(project.id);
  await expect(ask(client(key.value))).rejects.toMatchObject({ status: 401 });
});

it("closes a key when its time is over", async () => {
  const { client, admin, project, key } = await withKey();
  await ask(client(key.value));
  await admin.projects.apiKeys.update(key.id, { project_id: project.id, expires_in_seconds: 600 });
  await ask(client(key.value));
  const then = Date.now() + 600_000;
  vi.spyOn(Date, "now").mockImplementation(() => then);
  await expect(ask(client(key.value))).rejects.toMatchObject({ status: 401 });
});

it("reads nothing from the store for a key that it knows, and goes on with it when the store is down", async () => {
  const store = watchedStore();
  const { client, key } = await withKey({ store, platform: { adminKeys: [ADMIN], refreshMs: 1_000_000 } });
  await ask(client(key.value));
  store.reads.length = 0;
  await ask(client(key.value));
  expect(store.reads).toEqual([]);
  store.down = true;
  await ask(client(key.value));
});

it("answers a key that it cannot look up with a 503, never with a 401", async () => {
  const store = watchedStore();
  const { client, key } = await withKey({ store });
  store.down = true;
  const refusal = await ask(client(key.value)).catch((error) => error);
  expect(refusal).toMatchObject({ status: 503 });
  expect(refusal.headers.get("retry-after")).toBe("1");
  store.down = false;
  await ask(client(key.value));
});

it("asks the store once for a key that is wrong, and not at all for what can be none", async () => {
  const store = watchedStore();
  const { client, key } = await withKey({ store, platform: { adminKeys: [ADMIN], refreshMs: 1_000_000 } });
  store.reads.length = 0;
  const wrong = `${key.value.slice(0, -1)}${key.value.endsWith("A") ? "E" : "A"}`;
  for (const guess of [wrong, wrong, "sk-guess", `${key.value}x`]) {
    await expect(ask(client(guess))).rejects.toMatchObject({ status: 401, code: "invalid_api_key" });
  }
  expect(store.reads).toEqual(["platform.secret"]);
});

it("hears of what another process has revoked: from the store, or sooner from the news", async () => {
  const store = watchedStore();
  let changed = () => {};
  const news: PlatformNews = {
    announce: async () => changed(),
    listen(listener) {
      changed = listener;
    },
  };
  const slow = { adminKeys: [ADMIN], refreshMs: 1_000_000 };
  const first = await withKey({ store, platform: { ...slow, news: { ...news, listen() {} } } });
  const second = platform({ store, platform: { ...slow, news } });
  const third = platform({ store, platform: { ...slow, refreshMs: 5 } });
  for (const { client } of [second, third]) await ask(client(first.key.value));
  await first.admin.projects.apiKeys.delete(first.key.id, { project_id: first.project.id });
  for (const { client } of [second, third]) {
    await expect.poll(() => ask(client(first.key.value)).catch(({ status }) => status)).toBe(401);
  }
});

it("writes down when a key was last used, after the fact", async () => {
  const { client, admin, project, key } = await withKey({ platform: { adminKeys: [ADMIN], lastUsedMs: 1 } });
  const lastUsed = async () => (await admin.projects.apiKeys.retrieve(key.id, { project_id: project.id })).last_used_at;
  expect(await lastUsed()).toBeNull();
  await ask(client(key.value));
  await expect.poll(lastUsed).toBeGreaterThan(1_700_000_000);
});

it("makes one default organization, however many processes start at once", async () => {
  const store = watchedStore();
  const servers = Array.from({ length: 5 }, () => platform({ store }));
  const lists = await Promise.all(servers.map(({ admin }) => admin.projects.list()));
  const ids = lists.map(({ data }) => data.map(({ id }) => id));
  expect(ids.every((own) => own.length === 1 && own[0] === ids[0]?.[0])).toBe(true);
});

it("administers without a key, on a store whose work it leaves to others", async () => {
  const store = watchedStore();
  const claimed: string[] = [];
  const claim: Store["claim"] = async (collection) => {
    claimed.push(collection);
    return null;
  };
  const { outlet } = platform({ models: {}, store: { ...store, claim }, platform: {} });
  const { fetch } = outlet.as({ id: "ops", admin: true });
  const { admin } = new OpenAI({ baseURL: "http://outlet/v1", adminAPIKey: "none", fetch, maxRetries: 0 });
  const { value } = await admin.organization.adminAPIKeys.create({ name: "first" });
  const server = platform({ store, platform: {} });
  expect((await server.client(value).admin.organization.projects.list()).data).toHaveLength(1);
  expect(claimed).toEqual([]);
});

it("has no admin API unless it is turned on, and says how", async () => {
  const { outlet } = testOutlet({ models });
  const reply = await outlet.fetch("http://outlet/v1/organization/projects");
  expect(reply.status).toBe(404);
  expect(await reply.text()).toContain("platform");
});
