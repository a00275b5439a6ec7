import { createMemoryLimiter, type Limiter } from "@outlet/core";
import { expect, it } from "vitest";
import {
  checkLimiter,
  type LimiterCell,
  type LimiterResult,
  limiterRequirements,
  runLimiterConformance,
} from "../index.ts";

type Change = (right: Limiter) => Partial<Limiter>;

/** A limiter that is right but for a change. */
function cell(change: Change = () => ({})): LimiterCell {
  const create = async () => {
    const right = createMemoryLimiter();
    const mutant: Limiter = { ...right, ...change(right) };
    return { shared: true, open: async () => mutant, drop: async () => {} };
  };
  return { name: "mutant", create };
}

const failed = (results: readonly LimiterResult[]) =>
  results.filter(({ outcome }) => outcome === "failed").map(({ requirement }) => requirement.id);

const given = (amounts: readonly number[]) => amounts.some((amount) => amount < 0);

it("are met by a limiter that is right", async () => {
  const results = await runLimiterConformance(cell());
  expect(results).toHaveLength(limiterRequirements.length);
  expect(failed(results)).toEqual([]);
}, 90_000);

it.each<[string, Change, string[]]>([
  [
    "that admits one too many",
    (right) => ({
      take: (key, buckets, amounts) =>
        right.take(
          key,
          buckets.map((bucket) => ({ ...bucket, limit: bucket.limit + 1 })),
          amounts,
        ),
    }),
    ["limiter.take.exact", "limiter.take.too-large", "limiter.model", "limiter.shared.exact"],
  ],
  [
    "that looks first and takes later",
    (right) => ({
      async take(key, buckets, amounts) {
        const nothing = await right.take(key, buckets, [0, 0]);
        const fits = buckets.every(({ limit, window }, i) => {
          const ticks = window === "day" ? 86_400 : 60_000;
          return (amounts[i] ?? 0) * ticks + (nothing.debts[i] ?? 0) <= limit * ticks;
        });
        await new Promise((resolve) => setImmediate(resolve));
        if (!fits) return { ...nothing, admitted: false };
        await right.adjust(key, buckets, amounts);
        return { admitted: true, debts: (await right.take(key, buckets, [0, 0])).debts };
      },
    }),
    ["limiter.take.exact", "limiter.shared.exact"],
  ],
  [
    "that takes in part",
    (right) => ({
      async take(key, buckets, amounts) {
        const taken = await right.take(key, buckets, amounts);
        if (!taken.admitted) await right.adjust(key, buckets, [amounts[0] ?? 0]);
        return taken;
      },
    }),
    ["limiter.take.whole", "limiter.model"],
  ],
  [
    "that keeps what is given back",
    (right) => ({
      adjust: (key, buckets, amounts) => (given(amounts) ? undefined : right.adjust(key, buckets, amounts)),
    }),
    ["limiter.adjust.exact", "limiter.model", "limiter.shared.given-back"],
  ],
  [
    "that is owed nothing",
    (right) => ({
      adjust: (key, buckets, amounts) => (given(amounts) ? right.adjust(key, buckets, amounts) : undefined),
    }),
    ["limiter.adjust.owed", "limiter.model"],
  ],
  ["that knows one key", (right) => ({ take: (_key, ...rest) => right.take("k", ...rest) }), ["limiter.take.keys"]],
  [
    "that forgets what is owed when a limit changes",
    (right) => ({ take: (key, buckets, amounts) => right.take(`${key}${buckets[0]?.limit}`, buckets, amounts) }),
    ["limiter.changed"],
  ],
  ["whose clock is too fast", () => createMemoryLimiter({ now: () => Date.now() * 50 }), ["limiter.window"]],
])(
  "are not by one %s",
  async (_name, change, expected) => {
    // The others may fail as well, and some of them wait for what such a limiter never gives.
    const results: LimiterResult[] = [];
    for (const requirement of limiterRequirements) {
      if (expected.includes(requirement.id)) results.push(await checkLimiter(cell(change), requirement));
    }
    expect(failed(results).toSorted()).toEqual(expected.toSorted());
  },
  90_000,
);

it("have an id of their own, topic first, and say what they are in one sentence", () => {
  const ids = limiterRequirements.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { id, title } of limiterRequirements) {
    expect(id).toMatch(/^limiter(\.[a-z-]+)+$/);
    expect(title).toMatch(/^[A-Z].*\.$/);
  }
});
