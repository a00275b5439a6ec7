import assert from "node:assert/strict";
import type { RateBucket } from "@outlet/core";
import { admitted, admittedAtOnce, DAY, daily } from "../buckets.ts";
import type { LimiterRequirement } from "../limiter-requirement.ts";

/** The highest limit that there is. */
const MOST = 10_000_000_000;

export const countingRequirements: readonly LimiterRequirement[] = [
  {
    id: "limiter.take.exact",
    title: "Of 500 takes at once from a bucket of 100, exactly 100 are admitted.",
    async run({ limiter }) {
      assert.equal(await admittedAtOnce([limiter], 500, daily(100)), 100);
    },
  },
  {
    id: "limiter.take.whole",
    title: "A take that one bucket has too little for takes nothing from any.",
    async run({ limiter }) {
      const buckets = [daily(10, "rpd"), daily(100, "tpd")];
      assert.equal((await limiter.take("k", buckets, [1, 90])).admitted, true);
      const refused = await limiter.take("k", buckets, [1, 11]);
      assert.deepEqual(refused, { admitted: false, debts: [DAY, 90 * DAY] });
      assert.equal((await limiter.take("k", buckets, [9, 10])).admitted, true);
    },
  },
  {
    id: "limiter.take.nothing",
    title: "A bucket of which nothing is wanted refuses nobody, and tells how it stands.",
    async run({ limiter }) {
      const buckets = [daily(1, "rpd"), daily(5, "tpd")];
      await limiter.take("k", buckets, [1, 0]);
      assert.deepEqual(await limiter.take("k", buckets, [0, 2]), { admitted: true, debts: [DAY, 2 * DAY] });
    },
  },
  {
    id: "limiter.take.too-large",
    title: "More than a bucket can hold is never admitted, and a bucket of 0 admits nothing.",
    async run({ limiter }) {
      assert.equal(await admitted(limiter, "k", daily(5), 6), false);
      assert.equal(await admitted(limiter, "none", daily(0), 1), false);
      assert.equal(await admitted(limiter, "k", daily(5), 5), true);
    },
  },
  {
    id: "limiter.take.keys",
    title: "Keys are counted apart, whatever they are made of.",
    async run({ limiter }) {
      const keys = ["a", "A", "a ", "a\u0000", "a\n", "a:b", "{a}", "*", "", "\u{1F511}", "x".repeat(10_000)];
      for (const key of keys) assert.equal(await admitted(limiter, key, daily(1), 1), true, JSON.stringify(key));
      for (const key of keys) assert.equal(await admitted(limiter, key, daily(1), 1), false, JSON.stringify(key));
    },
  },
  {
    id: "limiter.take.largest",
    title: "The largest limit is counted to the last one.",
    async run({ limiter }) {
      const taken = await limiter.take("k", [daily(MOST)], [MOST - 1]);
      assert.deepEqual(taken, { admitted: true, debts: [(MOST - 1) * DAY] });
    },
  },
  {
    id: "limiter.adjust.exact",
    title: "What is given back can be taken again, exactly that.",
    async run({ limiter }) {
      const bucket = daily(100);
      await limiter.take("k", [bucket], [100]);
      await limiter.adjust("k", [bucket], [-30]);
      assert.equal(await admitted(limiter, "k", bucket, 31), false);
      assert.equal(await admitted(limiter, "k", bucket, 30), true);
      assert.equal(await admitted(limiter, "k", bucket, 1), false);
    },
  },
  {
    id: "limiter.adjust.full",
    title: "A bucket that is given more than was taken is full, and no more.",
    async run({ limiter }) {
      const bucket = daily(10);
      await limiter.take("k", [bucket], [1]);
      await limiter.adjust("k", [bucket], [-1_000]);
      assert.deepEqual(await limiter.take("k", [bucket], [10]), { admitted: true, debts: [10 * DAY] });
      assert.equal(await admitted(limiter, "k", bucket, 1), false);
    },
  },
  {
    id: "limiter.adjust.owed",
    title: "What was used beyond a take is owed, of two windows at most.",
    async run({ limiter }) {
      const bucket = daily(10);
      await limiter.take("k", [bucket], [10]);
      await limiter.adjust("k", [bucket], [5]);
      assert.deepEqual((await limiter.take("k", [bucket], [0])).debts, [15 * DAY]);
      await limiter.adjust("k", [bucket], [1_000]);
      assert.deepEqual((await limiter.take("k", [bucket], [0])).debts, [20 * DAY]);
    },
  },
  {
    id: "limiter.changed",
    title: "What is owed is owed still when a limit changes.",
    async run({ limiter }) {
      await limiter.take("k", [daily(100)], [60]);
      assert.equal(await admitted(limiter, "k", daily(80), 21), false);
      assert.equal(await admitted(limiter, "k", daily(80), 20), true);
      const minutes: RateBucket = { name: "rpm", window: "minute", limit: 5 };
      const both = await limiter.take("k", [minutes, daily(80)], [1, 0]);
      assert.deepEqual([both.admitted, both.debts[1]], [true, 80 * DAY]);
    },
  },
];
