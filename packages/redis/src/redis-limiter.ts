import { createHash } from "node:crypto";
import {
  createMemoryLimiter,
  type Limiter,
  type RateBucket,
  type Taken,
  TICK_MS,
  TICKS,
  unavailable,
} from "@outlet/core";
import { type Client, connect } from "./connection.ts";
import { SCRIPT } from "./script.ts";
import { within } from "./within.ts";

export interface RedisLimiterOptions {
  /** `redis://` or `rediss://`, with name and password where there are any. Default: `redis://127.0.0.1:6379`. */
  url?: string;
  /** What the names of all keys begin with. Default: `outlet:limits:`. */
  prefix?: string;
  /**
   * What becomes of requests while Redis does not answer. `local`: each process holds them to the same limits by itself, counting from what it has let
   * through before; so nobody gets more than as many times a limit as there are processes. `refuse`: they get a 503 with `retry-after`. Default: `local`.
   */
  whenAway?: "local" | "refuse";
  /** How long a request waits for Redis, in milliseconds. Default: 250. */
  deadlineMs?: number;
  /** Told when Redis has gone, and when it is there again. Default: `console.warn`. */
  onChange?: (state: "away" | "back", error?: unknown) => void;
}

const DEADLINE_MS = 250;
/** How long Redis is left alone after it did not answer in time. */
const REST_MS = 1_000;

/**
 * Rate limits that all processes share which use the same Redis (6.2 or newer, or what speaks its protocol): one script for each decision, by the
 * clock of Redis. Keys expire when their limits are full again.
 */
export function redisLimiter(options: RedisLimiterOptions = {}): Limiter {
  const { url, prefix = "outlet:limits:", whenAway = "local", deadlineMs = DEADLINE_MS, onChange = warn } = options;
  const local = createMemoryLimiter();
  const sha = createHash("sha1").update(SCRIPT).digest("hex");
  let away = false;
  let restUntil = 0;

  const client: Client = connect({ url, onError: (error) => changed(true, error) });

  function changed(to: boolean, error?: unknown): void {
    if (away === to) return;
    away = to;
    try {
      onChange(to ? "away" : "back", error);
    } catch {
      // Nobody's request has to do with it.
    }
  }

  async function decide(
    kind: "take" | "adjust",
    key: string,
    buckets: readonly RateBucket[],
    amounts: readonly number[],
  ): Promise<Taken> {
    const parameters = { keys: [prefix + digest(key)], arguments: argumentsOf(kind, buckets, amounts) };
    const reply = (await evaluated(client, sha, parameters)) as [number, ...string[]];
    const [admitted, ...debts] = reply;
    return { admitted: admitted === 1, debts: debts.map(Number) };
  }

  /** Null when Redis does not answer in time. */
  async function ask(...decision: Parameters<typeof decide>): Promise<Taken | null> {
    if (!client.isReady || restUntil > Date.now()) return null;
    try {
      const taken = await within(deadlineMs, decide(...decision));
      changed(false);
      return taken;
    } catch (error) {
      restUntil = Date.now() + REST_MS;
      changed(true, error);
      return null;
    }
  }

  /** What this process has let through is counted here, too, for when it is by itself. */
  async function countHere(...[key, buckets, amounts]: Parameters<Limiter["adjust"]>): Promise<void> {
    if (whenAway === "local") await local.adjust(key, buckets, amounts);
  }

  return {
    specificationVersion: "v1",
    async take(key, buckets, amounts) {
      const taken = await ask("take", key, buckets, amounts);
      if (taken?.admitted) await countHere(key, buckets, amounts);
      if (taken) return taken;
      if (whenAway === "refuse") throw unavailable("The server cannot check its rate limits right now. Try again.", 1);
      return local.take(key, buckets, amounts);
    },
    async adjust(key, buckets, amounts) {
      await countHere(key, buckets, amounts);
      await ask("adjust", key, buckets, amounts);
    },
    away: () => away || !client.isReady,
    async close() {
      client.destroy();
    },
  };
}

/** Of fixed length, and in one slot of a cluster: it is one key. */
function digest(key: string): string {
  return createHash("sha256").update(key).digest("base64url");
}

function argumentsOf(kind: string, buckets: readonly RateBucket[], amounts: readonly number[]): string[] {
  const list = [kind];
  for (const [i, { name, limit, window }] of buckets.entries()) {
    list.push(name, String(limit), String(TICKS[window]), String(TICK_MS[window]), String(amounts[i] ?? 0));
  }
  return list;
}

/** By its digest; whole where Redis does not know it: after a restart, or the first time. */
async function evaluated(
  client: Client,
  sha: string,
  parameters: { keys: string[]; arguments: string[] },
): Promise<unknown> {
  try {
    return await client.evalSha(sha, parameters);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
    return client.eval(SCRIPT, parameters);
  }
}

function warn(state: "away" | "back", error?: unknown): void {
  console.warn(state === "away" ? "Redis is away: rate limits are not shared." : "Redis is back.", error ?? "");
}
