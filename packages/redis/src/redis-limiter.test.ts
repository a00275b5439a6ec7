import { createHash } from "node:crypto";
import { createOutlet, defineModel, type Limiter, type RateBucket } from "@outlet/core";
import { createClient } from "@redis/client";
import { afterEach, describe, expect, test } from "vitest";
import { proxyTo as openProxy, there, url } from "../test/redis.ts";
import { type RedisLimiterOptions, redisLimiter } from "./redis-limiter.ts";

const prefix = `outlet-test:${crypto.randomUUID()}:`;
const opened: { close?(): Promise<void> | void }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0)) await one.close?.();
});

const rpm = (limit: number): RateBucket => ({ name: "rpm", window: "minute", limit });
const tpd = (limit: number): RateBucket => ({ name: "tpd", window: "day", limit });

describe.runIf(there)("limits in Redis", () => {
  test("500 at once, on two connections, against a limit of 100 let exactly 100 through", async () => {
    const key = crypto.randomUUID();
    const limiters = [await limiterAt(url), await limiterAt(url)];
    const bucket = { ...tpd(100), name: "rpd" };
    const taken = await Promise.all(
      Array.from({ length: 500 }, (_, i) => (limiters[i % 2] as Limiter).take(key, [bucket], [1])),
    );
    expect(taken.filter(({ admitted }) => admitted)).toHaveLength(100);
  });

  test("take all or nothing, give back, and keep what is owed in whole numbers", async () => {
    const key = crypto.randomUUID();
    const limiter = await limiterAt(url);
    const buckets = [tpd(10_000_000_000), { ...tpd(5), name: "rpd" }];
    expect(await limiter.take(key, buckets, [9_999_999_999, 1])).toEqual({
      admitted: true,
      debts: [9_999_999_999 * 86_400, 86_400],
    });
    expect((await limiter.take(key, buckets, [0, 5])).admitted).toBe(false);
    await limiter.adjust(key, buckets, [0, -1]);
    expect((await limiter.take(key, buckets, [0, 5])).admitted).toBe(true);
  });

  test("expire when they are full again", async () => {
    const client = await createClient({ url }).connect();
    opened.push(client);
    const limiter = await limiterAt(url, { prefix: `${prefix}ttl:` });
    await limiter.take("a", [rpm(2)], [2]);
    const keys = await client.keys(`${prefix}ttl:*`);
    const life = Math.min(...(await Promise.all(keys.map((key) => client.pTTL(key)))));
    expect(life).toBeGreaterThan(0);
    expect(life).toBeLessThanOrEqual(60_001);
  });

  test("lost in mid-traffic: requests go on under limits of this process, and are shared again when Redis is back", async () => {
    const proxy = await proxyTo(url);
    const states: string[] = [];
    const limiter = await limiterAt(proxy.url, { onChange: (state) => states.push(state) });
    const outlet = createOutlet({
      access: "open",
      models: { m: defineModel(() => "x") },
      limits: { models: { m: { requestsPerDay: 3 } }, limiter },
    });
    const ask = async () => {
      const body = JSON.stringify({ model: "m", messages: [{ role: "user", content: "x" }] });
      const headers = { "content-type": "application/json" };
      const { status } = await outlet.fetch("http://outlet/v1/chat/completions", { method: "POST", headers, body });
      return status;
    };
    expect([await ask(), await ask()]).toEqual([200, 200]);
    proxy.cut();
    // It has let two of the three through itself.
    expect([await ask(), await ask(), await ask()]).toEqual([200, 429, 429]);
    proxy.mend();
    await expect.poll(async () => [await ask(), states.at(-1)]).toContain("back");
    // One of the three was left there.
    expect(await ask()).toBe(429);
    expect(states).toEqual(["away", "back"]);
    await outlet.close();
  });

  test("are not taken for away when it was this process that was busy", async () => {
    const states: string[] = [];
    const limiter = await limiterAt(url, { deadlineMs: 1_000, onChange: (state) => states.push(state) });
    const bucket = { ...tpd(5), name: "rpd" };
    const other = await limiterAt(url);
    const key = crypto.randomUUID();
    const taken = limiter.take(key, [bucket], [5]);
    const until = performance.now() + 2_500;
    while (performance.now() < until);
    expect((await taken).admitted).toBe(true);
    expect(states).toEqual([]);
    expect((await other.take(key, [bucket], [1])).admitted).toBe(false);
  });

  test("that must be shared are a 503 with retry-after while Redis is away or silent, and soon", async () => {
    const proxy = await proxyTo(url);
    const limiter = await limiterAt(proxy.url, { whenAway: "refuse", deadlineMs: 500, onChange: () => {} });
    proxy.hold();
    const began = performance.now();
    await expect(limiter.take("k", [rpm(10)], [1])).rejects.toMatchObject({
      status: 503,
      headers: { "retry-after": "1" },
    });
    await expect(limiter.take("k", [rpm(10)], [1])).rejects.toMatchObject({ status: 503 });
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

/** Open, and connected. */
async function limiterAt(at: string, options: RedisLimiterOptions = {}): Promise<Limiter> {
  // Only what is cut or silent counts as away, and not a machine that is busy.
  const limiter = redisLimiter({ url: at, prefix, deadlineMs: 30_000, ...options });
  opened.push(limiter);
  const probe = crypto.randomUUID();
  await expect.poll(() => Promise.resolve(limiter.take(probe, [rpm(1)], [1])).then(connected, () => false)).toBe(true);
  return limiter;

  /** Only Redis knows what another connection has taken. */
  async function connected(): Promise<boolean> {
    const direct = await createClient({ url }).connect();
    const name = createHash("sha256").update(probe).digest("base64url");
    const found = await direct.exists(`${options.prefix ?? prefix}${name}`);
    direct.destroy();
    return found === 1;
  }
}

async function proxyTo(target: string) {
  const proxy = await openProxy(target);
  opened.push(proxy);
  return proxy;
}
