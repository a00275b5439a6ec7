import assert from "node:assert/strict";
import { admitted, admittedAtOnce, daily } from "../buckets.ts";
import type { LimiterRequirement } from "../limiter-requirement.ts";

export const sharedLimiterRequirements: readonly LimiterRequirement[] = [
  {
    id: "limiter.shared.exact",
    title: "Of 500 takes at once through several limiters from a bucket of 100, exactly 100 are admitted.",
    needs: ["shared"],
    async run({ limiter, open }) {
      assert.equal(await admittedAtOnce([limiter, await open(), await open()], 500, daily(100)), 100);
    },
  },
  {
    id: "limiter.shared.given-back",
    title: "What is given back through one limiter can be taken through another.",
    needs: ["shared"],
    async run({ limiter, open }) {
      const [other, bucket] = [await open(), daily(10)];
      assert.equal(await admitted(limiter, "k", bucket, 10), true);
      assert.equal(await admitted(other, "k", bucket, 1), false);
      await other.adjust("k", [bucket], [-4]);
      assert.equal(await admitted(limiter, "k", bucket, 4), true);
    },
  },
];
