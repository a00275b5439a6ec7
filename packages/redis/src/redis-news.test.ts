import { createMemoryStore, createOutlet, defineModel, type PlatformNews, type Store } from "@outlet/core";
import { createClient } from "@redis/client";
import { describe, expect, onTestFinished, test } from "vitest";
import { proxyTo, there, url } from "../test/redis.ts";
import { type RedisNewsOptions, redisNews } from "./redis-news.ts";

const ADMIN = "sk-admin-of-the-host-0123456789";
const HOUR = 3_600_000;

/** A process of an outlet, as far as keys go: all of them share the store. */
function serve(store: Store, news: PlatformNews, refreshMs = HOUR) {
  const outlet = createOutlet({
    models: { greeter: defineModel(() => "Hello!") },
    platform: { adminKeys: [ADMIN], refreshMs, news },
    store,
    logger: { error() {}, warn() {} },
  });
  onTestFinished(() => outlet.close({ graceMs: 0 }));
  const send = (key: string, path: string, method = "GET", body?: object) =>
    outlet.fetch(`http://outlet/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
  return {
    status: async (key: string) => (await send(key, "/models")).status,
    async newKey() {
      const project = await (await send(ADMIN, "/organization/projects", "POST", { name: "Search" })).json();
      const path = `/organization/projects/${project.id}/service_accounts`;
      const account = await (await send(ADMIN, path, "POST", { name: "indexer" })).json();
      const revoke = async () => (await send(ADMIN, `${path}/${account.id}`, "DELETE")).status;
      return { value: account.api_key.value as string, revoke };
    },
  };
}

/** News that are closed in the end, whoever else has closed them. */
function open(options: RedisNewsOptions): PlatformNews {
  const news = redisNews(options);
  onTestFinished(() => news.close?.().catch(() => {}));
  return news;
}

const sharedStore = (): Store => ({ ...createMemoryStore(), durable: true });

/** News that are connected, and what they told of their connection. */
async function connected(at: string, channel: string) {
  const client = createClient({ url });
  onTestFinished(() => client.destroy());
  await client.connect();
  const listening = async () => (await client.pubSubNumSub([channel]))[channel] ?? 0;
  const before = await listening();
  const states: string[] = [];
  const news = open({ url: at, channel, deadlineMs: 30_000, onChange: (state) => states.push(state) });
  await expect.poll(listening).toBe(before + 1);
  return { news, states, listening };
}

describe.runIf(there)("news in Redis", () => {
  test("have what one process revokes refused by another, long before it looks itself", async () => {
    const channel = `outlet-test:${crypto.randomUUID()}`;
    const store = sharedStore();
    const first = serve(store, (await connected(url, channel)).news);
    const second = serve(store, (await connected(url, channel)).news);
    const key = await first.newKey();
    expect(await second.status(key.value)).toBe(200);
    expect(await key.revoke()).toBe(200);
    expect(await first.status(key.value)).toBe(401);
    await expect.poll(() => second.status(key.value), { interval: 5 }).toBe(401);
  });

  test("are not told to whoever announces them, nor on another channel", async () => {
    const channel = `outlet-test:${crypto.randomUUID()}`;
    const [one, two, stranger] = [
      (await connected(url, channel)).news,
      (await connected(url, channel)).news,
      (await connected(url, `${channel}:other`)).news,
    ];
    const heard: string[] = [];
    const told = new Promise<void>((resolve) => {
      two.listen(() => {
        heard.push("two");
        if (heard.length === 2) resolve();
      });
    });
    one.listen(() => heard.push("one"));
    stranger.listen(() => heard.push("stranger"));
    await one.announce();
    await one.announce();
    await told;
    expect(heard).toEqual(["two", "two"]);
  });

  test("that are cut off cost nobody's change, which is seen within `refreshMs`; back, they tell what was missed", async () => {
    const channel = `outlet-test:${crypto.randomUUID()}`;
    const proxy = await proxyTo(url);
    onTestFinished(proxy.close);
    const store = sharedStore();
    const lost = await connected(proxy.url, channel);
    const first = serve(store, (await connected(url, channel)).news);
    const cutOff = serve(store, lost.news);
    const looking = serve(store, open({ url: "redis://127.0.0.1:1", onChange() {} }), 20);
    const key = await first.newKey();
    for (const node of [cutOff, looking]) expect(await node.status(key.value)).toBe(200);
    proxy.cut();
    await expect.poll(() => lost.states).toEqual(["away"]);
    expect(await key.revoke()).toBe(200);
    await expect.poll(() => looking.status(key.value)).toBe(401);
    expect(await cutOff.status(key.value)).toBe(200);
    proxy.mend();
    await expect.poll(() => cutOff.status(key.value)).toBe(401);
    expect(lost.states).toEqual(["away", "back"]);
    // And what comes after it is heard again.
    const next = await first.newKey();
    expect(await cutOff.status(next.value)).toBe(200);
    await next.revoke();
    await expect.poll(() => cutOff.status(next.value)).toBe(401);
  });

  test("that Redis does not pass on in time are given up", async () => {
    const channel = `outlet-test:${crypto.randomUUID()}`;
    const proxy = await proxyTo(url);
    onTestFinished(proxy.close);
    const news = open({ url: proxy.url, channel, deadlineMs: 500, onChange() {} });
    await expect.poll(() => news.announce().then(() => "told")).toBe("told");
    proxy.hold();
    await expect(news.announce()).rejects.toThrow("did not answer within 500 ms");
  });
});
