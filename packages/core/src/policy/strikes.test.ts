import OpenAI from "openai";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import {
  createMemoryStore,
  createOutlet,
  defineModel,
  type Outlet,
  type OutletOptions,
  type Store,
  type Strike,
  type StrikeOptions,
} from "../index.ts";
import { ask, testOutlet } from "../test-support.ts";

const ADMIN = "sk-admin-of-the-host-0123456789";
const DAY = 86_400_000;

const open: Outlet[] = [];
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: 1_800_000_000_000 });
});
afterEach(async () => {
  vi.useRealTimers();
  for (const outlet of open.splice(0)) await outlet.close({ graceMs: 0 });
});

const models = {
  m: defineModel(({ messages }) => (JSON.stringify(messages).includes("answer") ? "bad" : "hi")),
  "omni-moderation-latest": defineModel({
    moderate: ({ input }) => input.map((parts) => ({ violence: JSON.stringify(parts).includes("bad") ? 1 : 0 })),
  }),
};

function server(rules: StrikeOptions, options: Partial<OutletOptions> = {}) {
  const strikes: Strike[] = [];
  const onStrike = (strike: Strike) => void strikes.push(strike);
  const made = testOutlet({
    models,
    keys: [],
    platform: { adminKeys: [ADMIN] },
    policy: { input: "block", output: "block", strikes: { onStrike, ...rules } },
    ...options,
  });
  open.push(made.outlet);
  const client = new OpenAI({
    baseURL: "http://outlet/v1",
    adminAPIKey: ADMIN,
    fetch: made.outlet.fetch,
    maxRetries: 0,
  });
  const headers = (key: string) => ({ "content-type": "application/json", authorization: `Bearer ${key}` });
  const say = (key: string, content: string, more: object = {}) =>
    made.post("/chat/completions", ask(content, more), { headers: headers(key) });
  const { organization } = client.admin;
  const newKey = async () => {
    const project = await organization.projects.create({ name: "Search" });
    const { api_key } = await organization.projects.serviceAccounts.create(project.id, { name: "indexer" });
    const path = `/organization/projects/${project.id}/api_keys/${api_key?.id}/strikes`;
    return { id: api_key?.id ?? "", value: api_key?.value ?? "", project, path };
  };
  const admin = async (method: string, path: string, key = ADMIN) => {
    const reply = await made.outlet.fetch(`http://outlet/v1${path}`, { method, headers: headers(key) });
    return { status: reply.status, body: await reply.json() };
  };
  return { ...made, strikes, say, newKey, admin, organization };
}

it("warns, throttles and suspends a key, tells of each, and an admin lifts it", async () => {
  const { say, newKey, admin, strikes, organization } = server({ warnAt: 1, throttleAt: 2, suspendAt: 4 });
  const key = await newKey();
  const other = await newKey();
  expect((await admin("GET", key.path)).body).toEqual({
    object: "organization.project.api_key.strikes",
    api_key_id: key.id,
    standing: "good",
    strikes: 0,
    next_forgotten_at: null,
    throttled_until: null,
    suspended_at: null,
  });
  expect((await say(key.value, "hi")).headers.get("outlet-standing")).toBeNull();

  const warned = await say(key.value, "bad", { safety_identifier: "s-1" });
  expect([warned.status, warned.headers.get("outlet-standing")]).toEqual([400, "warned"]);
  expect(strikes).toMatchObject([
    { apiKey: key.id, strikes: 1, consequence: "warned", side: "input", safetyIdentifier: "s-1", action: "block" },
  ]);
  expect(await admin("GET", key.path)).toMatchObject({ body: { standing: "warned", strikes: 1 } });

  // An answer counts as well.
  const throttled = await say(key.value, "answer");
  expect([throttled.status, throttled.headers.get("outlet-standing")]).toEqual([200, "throttled"]);
  for (const left of ["2", "1", "0"]) {
    const reply = await say(key.value, left === "0" ? "bad" : "hi");
    expect([reply.headers.get("outlet-standing"), reply.headers.get("x-ratelimit-remaining-requests")]).toEqual([
      "throttled",
      left,
    ]);
  }
  const refused = await say(key.value, "hi");
  expect(refused.status).toBe(429);
  expect((await refused.json()).error).toMatchObject({ type: "requests", code: "rate_limit_exceeded" });
  expect(refused.headers.get("retry-after")).toBe("20");
  expect((await say(other.value, "hi")).headers.get("x-ratelimit-limit-requests")).toBeNull();
  vi.setSystemTime(Date.now() + 60_000);

  const suspended = await say(key.value, "bad");
  expect([suspended.status, suspended.headers.get("outlet-standing")]).toEqual([400, "suspended"]);
  const deactivated = await say(key.value, "hi");
  expect(deactivated.status).toBe(401);
  expect((await deactivated.json()).error).toMatchObject({
    type: "invalid_request_error",
    code: "account_deactivated",
    param: null,
  });
  expect(strikes.map(({ consequence }) => consequence)).toEqual(["warned", "throttled", null, "suspended"]);
  expect(await admin("GET", key.path)).toMatchObject({
    body: { standing: "suspended", strikes: 4, suspended_at: 1_800_000_060 },
  });
  expect((await say(other.value, "hi")).status).toBe(200);
  // It ends when it is lifted, and not by itself.
  vi.setSystemTime(Date.now() + 400 * DAY);
  expect((await say(key.value, "hi")).status).toBe(401);

  for (const method of ["GET", "DELETE"]) expect((await admin(method, key.path, other.value)).status).toBe(401);
  expect(await admin("DELETE", key.path)).toEqual({
    status: 200,
    body: { id: key.id, object: "organization.project.api_key.strikes.deleted", deleted: true },
  });
  expect((await say(key.value, "hi")).status).toBe(200);
  expect(await admin("GET", key.path)).toMatchObject({ body: { standing: "good", strikes: 0 } });
  expect((await say(key.value, "bad")).headers.get("outlet-standing")).toBe("warned");

  const logs = await organization.auditLogs.list({ event_types: ["api_key.updated"], resource_ids: [key.id] });
  expect(logs.data.map((log) => [log["api_key.updated"], log.project?.id, log.actor?.session?.user?.id])).toEqual(
    ["warned", "good", "suspended", "throttled", "warned"].map((standing) => [
      expect.objectContaining({ id: key.id, standing }),
      key.project.id,
      standing === "good" ? "admin-key-1" : "policy",
    ]),
  );
});

it("forgets a strike when its time is over", async () => {
  const { say, newKey, admin, strikes } = server({ throttleAt: 2, suspendAt: 3, countedMs: DAY });
  const key = await newKey();
  await say(key.value, "bad");
  vi.setSystemTime(Date.now() + DAY / 2);
  await say(key.value, "bad");
  expect((await admin("GET", key.path)).body).toMatchObject({
    standing: "throttled",
    throttled_until: 1_800_000_000 + 86_400,
    next_forgotten_at: 1_800_000_000 + 86_400,
  });
  vi.setSystemTime(Date.now() + DAY / 2);
  expect((await admin("GET", key.path)).body).toMatchObject({ standing: "good", strikes: 1, throttled_until: null });
  for (let i = 0; i < 5; i += 1) expect((await say(key.value, "hi")).status).toBe(200);
  vi.setSystemTime(Date.now() + DAY);
  await say(key.value, "bad");
  await say(key.value, "bad");
  expect(strikes.map((strike) => strike.strikes)).toEqual([1, 2, 1, 2]);
  expect((await say(key.value, "hi")).status).toBe(200);
});

it("counts each call once, only what is blocked or flagged, and only keys that were issued", async () => {
  for (const [policy, expected] of [
    [{ input: "flag", output: "flag" }, 1],
    [{ input: "log", output: "flag" }, 1],
    [{ input: "log", output: "log" }, 0],
  ] as const) {
    const counted: Strike[] = [];
    const onStrike = (strike: Strike) => void counted.push(strike);
    const keys = { "sk-static": { id: "static", project: "p", organization: "o", apiKey: "key_static" } };
    const watched = server({ suspendAt: 1 }, { keys, policy: { ...policy, strikes: { suspendAt: 100, onStrike } } });
    const key = await watched.newKey();
    expect((await watched.say(key.value, "bad answer")).status).toBe(200);
    expect(counted).toHaveLength(expected);
    expect((await watched.say("sk-static", "bad answer")).status).toBe(200);
    expect(counted).toHaveLength(expected);
  }
});

it("counts every one of many calls at once, and suspends at the last", async () => {
  const { say, newKey, admin, strikes } = server({ suspendAt: 20 });
  const key = await newKey();
  const replies = await Promise.all(Array.from({ length: 30 }, () => say(key.value, "bad")));
  expect(replies.every(({ status }) => status === 400)).toBe(true);
  expect(strikes.map((strike) => strike.strikes).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 20 }, (_, i) => i + 1),
  );
  expect(strikes.filter(({ consequence }) => consequence === "suspended")).toHaveLength(1);
  expect((await admin("GET", key.path)).body).toMatchObject({ standing: "suspended", strikes: 20 });
});

it("holds in other processes on the same store, and strikes for what is made in the background", async () => {
  const memory = createMemoryStore();
  const store = { ...memory, durable: true, close: async () => {} } as Store;
  const struck = Promise.withResolvers<void>();
  const rules = { suspendAt: 1, onStrike: () => struck.resolve() };
  const elsewhere: (() => void)[] = [];
  const announce = async () => {
    for (const changed of elsewhere) changed();
  };
  const news = { announce, listen: () => {} };
  const first = server(rules, { store, platform: { adminKeys: [ADMIN], news, refreshMs: 600_000 } });
  const listening = { announce: async () => {}, listen: (changed: () => void) => void elsewhere.push(changed) };
  const second = server(
    { suspendAt: 1 },
    { store, platform: { adminKeys: [ADMIN], news: listening, refreshMs: 600_000 } },
  );
  const key = await first.newKey();
  expect((await second.say(key.value, "hi")).status).toBe(200);
  const headers = { "content-type": "application/json", authorization: `Bearer ${key.value}` };
  const ordered = await first.post("/responses", { model: "m", input: "answer", background: true }, { headers });
  expect(ordered.status).toBe(200);
  await struck.promise;
  expect((await first.say(key.value, "hi")).status).toBe(401);
  await expect.poll(async () => (await second.say(key.value, "hi")).status, { timeout: 20_000 }).toBe(401);
});

it("goes on when the store is down or the host's own code throws", async () => {
  const memory = createMemoryStore();
  let down = false;
  const store: Store = {
    ...memory,
    durable: true,
    write: async (changes) => {
      if (down) throw new Error("the database is down");
      return memory.write(changes);
    },
  };
  const onStrike = () => {
    throw new Error("x");
  };
  const { say, newKey, logged } = server({ suspendAt: 2, onStrike }, { store });
  const key = await newKey();
  expect((await say(key.value, "bad")).status).toBe(400);
  down = true;
  expect((await say(key.value, "bad")).status).toBe(400);
  expect(logged.filter(({ message }) => message.startsWith("a strike was not counted"))).toHaveLength(2);
  down = false;
  expect((await say(key.value, "hi")).status).toBe(200);
  expect((await say(key.value, "bad")).status).toBe(400);
  expect((await say(key.value, "hi")).status).toBe(401);
});

it("goes by a throttled key's limits beside its project's", async () => {
  const { say, newKey } = server(
    { throttleAt: 1, throttledTo: { requestsPerDay: 5 } },
    { limits: { models: { m: { requestsPerMinute: 4 } } } },
  );
  const key = await newKey();
  await say(key.value, "bad");
  const reply = await say(key.value, "hi");
  expect(reply.headers.get("x-ratelimit-limit-requests")).toBe("5");
  await say(key.value, "hi");
  await say(key.value, "hi");
  const full = await say(key.value, "hi");
  expect([full.status, (await full.json()).error.message]).toEqual([429, expect.stringContaining("Limit 4")]);
});

it("does not start with rules that cannot be", () => {
  const start =
    (strikes: unknown, platform: object | undefined = { adminKeys: [ADMIN] }) =>
    () =>
      createOutlet({
        models,
        keys: ["sk-1"],
        ...(platform && { platform }),
        policy: { strikes: strikes as StrikeOptions },
      });
  for (const [strikes, words] of [
    [{}, /needs warnAt/],
    [{ warnAt: 0 }, /warnAt must be/],
    [{ suspendAt: 1_001 }, /suspendAt must be/],
    [{ throttleAt: 1.5 }, /throttleAt must be/],
    [{ warnAt: 3, suspendAt: 2 }, /must go up/],
    [{ warnAt: 3, throttleAt: 3 }, /must go up/],
    [{ warnAt: 1, countedMs: 10 }, /countedMs/],
    [{ throttleAt: 1, throttledTo: { tokensPerMinute: 1 } }, /tokensPerMinute is no limit/],
    [{ throttleAt: 1, throttledTo: { requestsPerMinute: -1 } }, /requestsPerMinute must be/],
  ] as const) {
    expect(start(strikes)).toThrow(words);
  }
  expect(start({ warnAt: 1 }, undefined)).not.toThrow(/policy\.window/);
  expect(() => createOutlet({ models, keys: ["k"], policy: { strikes: { warnAt: 1 } } })).toThrow(/platform/);
});

it("holds for a throttled key on what its project has reserved, too", async () => {
  const memory = createMemoryStore();
  const store = { ...memory, durable: true, close: async () => {} } as Store;
  const key = await server({ throttleAt: 1 }, { store }).newKey();
  const reserved = {
    projects: [key.project.id],
    models: ["m"],
    engine: defineModel(() => "own"),
    snapshot: "m-1",
    concurrency: 1,
  };
  const limits = { models: { m: { requestsPerMinute: 1 } } };
  const { say } = server({ throttleAt: 1 }, { store, limits, instances: { reserved } });
  const content = async () => {
    const reply = await say(key.value, "hi");
    return reply.status === 200 ? (await reply.json()).choices[0].message.content : reply.status;
  };
  expect([await content(), await content()]).toEqual(["own", "own"]);
  await say(key.value, "bad");
  expect([await content(), await content(), await content(), await content()]).toEqual(["own", "own", "own", 429]);
});
