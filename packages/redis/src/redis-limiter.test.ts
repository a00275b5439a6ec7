import { createHash } from "node:crypto";
import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";
import { createOutlet, defineModel, type Limiter, type RateBucket } from "@outlet/core";
import { createClient } from "@redis/client";
import { afterEach, describe, expect, test } from "vitest";
import { type RedisLimiterOptions, redisLimiter } from "./redis-limiter.ts";

const url = process.env.OUTLET_TEST_REDIS_URL ?? "redis://127.0.0.1:6379";
const there = await reachable();
if (!there && process.env.CI === "true") throw new Error(`no Redis answers at ${url}`);
if (!there) console.warn(`skipped: no Redis answers at ${url}; OUTLET_TEST_REDIS_URL names another`);

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
    await limiter.take("a", [rpm(60)], [2]);
    const keys = await client.keys(`${prefix}ttl:*`);
    const life = Math.min(...(await Promise.all(keys.map((key) => client.pTTL(key)))));
    expect(life).toBeGreaterThan(0);
    expect(life).toBeLessThanOrEqual(2_001);
  });

  test("lost in mid-traffic: requests go on under limits of this process, and are shared again when Redis is back", async () => {
    const proxy = await proxyTo(url);
    const states: string[] = [];
    // Only what is cut counts as away here, and not a machine that is busy.
    const limiter = await limiterAt(proxy.url, { deadlineMs: 5_000, onChange: (state) => states.push(state) });
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
    expect([await ask(), await ask(), await ask(), await ask()]).toEqual([200, 200, 200, 429]);
    proxy.mend();
    await expect.poll(async () => [await ask(), states.at(-1)], { timeout: 10_000 }).toContain("back");
    // One of the three was left there.
    expect(await ask()).toBe(429);
    expect(states).toEqual(["away", "back"]);
    await outlet.close();
  });

  test("that must be shared are a 503 with retry-after while Redis is away or silent, and soon", async () => {
    const proxy = await proxyTo(url);
    const limiter = await limiterAt(proxy.url, { whenAway: "refuse", deadlineMs: 50, onChange: () => {} });
    await limiter.take("k", [rpm(10)], [1]);
    proxy.hold();
    const began = performance.now();
    await expect(limiter.take("k", [rpm(10)], [1])).rejects.toMatchObject({
      status: 503,
      headers: { "retry-after": "1" },
    });
    await expect(limiter.take("k", [rpm(10)], [1])).rejects.toMatchObject({ status: 503 });
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

async function reachable(): Promise<boolean> {
  const client = createClient({ url, socket: { reconnectStrategy: false, connectTimeout: 1_000 } });
  client.on("error", () => {});
  try {
    await client.connect();
    client.destroy();
    return true;
  } catch {
    return false;
  }
}

/** Open, and connected. */
async function limiterAt(at: string, options: RedisLimiterOptions = {}): Promise<Limiter> {
  const limiter = redisLimiter({ url: at, prefix, ...options });
  opened.push(limiter);
  const probe = crypto.randomUUID();
  await expect
    .poll(() => Promise.resolve(limiter.take(probe, [rpm(1)], [1])).then(connected, () => false), { timeout: 10_000 })
    .toBe(true);
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

/** A way to Redis that can be cut. */
async function proxyTo(target: string) {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let open = true;
  const server = createServer((client) => {
    if (!open) return client.destroy();
    const upstream = connect(Number(port || 6379), hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on("error", () => {});
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = () => {
    open = false;
    for (const socket of sockets) socket.destroy();
  };
  opened.push({
    close() {
      cut();
      server.close();
    },
  });
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    mend: () => {
      open = true;
    },
    /** Takes what is sent, and answers nothing. */
    hold: () => {
      for (const socket of sockets) socket.unpipe();
    },
  };
}
