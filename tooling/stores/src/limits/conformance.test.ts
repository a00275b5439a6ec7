import { randomUUID } from "node:crypto";
import { createMemoryLimiter, type Limiter } from "@outlet/core";
import { redisLimiter } from "@outlet/redis";
import { checkLimiter, type LimiterCell, limiterRequirements } from "@outlet/testing";
import { describe, expect, it } from "vitest";
import { findRedis } from "../redis.ts";

const url = await findRedis();

const memory: LimiterCell = {
  name: "memory",
  create: async () => ({ shared: false, open: async () => createMemoryLimiter(), drop: async () => {} }),
};

/** What is counted there expires; by their prefix, no two places are one. */
function redis(at: string): LimiterCell {
  return {
    name: "Redis",
    async create() {
      const prefix = `outlet-test:${randomUUID()}:`;
      return { shared: true, open: () => connected(at, prefix), drop: async () => {} };
    },
  };
}

/** A limiter that counts in Redis and nowhere else. */
async function connected(at: string, prefix: string): Promise<Limiter> {
  const limiter = redisLimiter({ url: at, prefix, whenAway: "refuse", deadlineMs: 30_000, onChange() {} });
  const bucket = { name: "probe", window: "day", limit: 1 } as const;
  const probe = async () => (await limiter.take("probe", [bucket], [0])).admitted;
  await expect.poll(probe, { timeout: 30_000 }).toBe(true);
  return limiter;
}

function conforms(cell: LimiterCell): void {
  it.each(limiterRequirements.map((requirement) => ({ id: requirement.id, requirement })))(
    "$id",
    async ({ requirement }) => {
      const { error, outcome } = await checkLimiter(cell, requirement);
      expect(error).toBeUndefined();
      expect(outcome).not.toBe("failed");
    },
    40_000,
  );
}

describe("memory", () => conforms(memory));

describe.runIf(url)("Redis", () => conforms(redis(url as string)));
