import assert from "node:assert/strict";
import { type Limiter, type RateBucket, TICK_MS, TICKS } from "@outlet/core";
import fc from "fast-check";
import type { LimiterRequirement } from "../limiter-requirement.ts";

/** So many that a limiter which admits one too many is noticed every time. */
const RUNS = 100;
const LEFT = 20;
/** As many come back in a fifth of a second. */
const COMES_BACK_MS = 5_000;

interface Step {
  readonly adjusts: boolean;
  readonly amounts: readonly number[];
}

/** One that fills while it is watched, and one that does not: small enough that amounts often add up to all that it holds. */
const buckets = fc
  .tuple(fc.integer({ min: 0, max: 200_000 }), fc.integer({ min: 0, max: 12 }))
  .map(([rpm, rpd]): RateBucket[] => [
    { name: "rpm", window: "minute", limit: rpm },
    { name: "rpd", window: "day", limit: rpd },
  ]);

const amounts = fc.tuple(fc.integer({ min: 0, max: 50_000 }), fc.integer({ min: 0, max: 8 }));
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: amounts.map((amounts) => ({ adjusts: false, amounts })) },
  { weight: 1, arbitrary: amounts.map((amounts) => ({ adjusts: true, amounts: amounts.map((amount) => -amount) })) },
  { weight: 1, arbitrary: amounts.map((amounts) => ({ adjusts: true, amounts })) },
);

/** What a bucket lacks at least and at most: nobody here knows the limiter's clock to the tick. */
interface Range {
  readonly least: number;
  readonly most: number;
}

/** Ticks that a limiter's clock may have gone on by, between two steps that each began and ended at these times. */
function elapsed({ window }: RateBucket, [began, ended]: Times, [beganNext, endedNext]: Times): Range {
  const ticks = (ms: number) => ms / TICK_MS[window];
  return {
    least: Math.max(0, Math.floor(ticks(beganNext - ended)) - 1),
    most: Math.ceil(ticks(endedNext - began)) + 1,
  };
}

type Times = readonly [began: number, ended: number];

function refilled(owed: Range, gone: Range, { limit }: RateBucket): Range {
  return { least: Math.max(0, owed.least - gone.most * limit), most: Math.max(0, owed.most - gone.least * limit) };
}

function adjusted(debt: number, amount: number, { window, limit }: RateBucket): number {
  const wanted = debt + amount * TICKS[window];
  return amount > 0 ? Math.min(wanted, Math.max(debt, 2 * limit * TICKS[window])) : Math.max(0, wanted);
}

/** Whether an amount may be had from a bucket that lacks so much. */
function fits(debt: number, amount: number, { window, limit }: RateBucket): boolean {
  return amount === 0 || (amount <= limit && debt + amount * TICKS[window] <= limit * TICKS[window]);
}

/** Holds every answer of a limiter against what it can be, whenever exactly its clock was read. */
async function follow(limiter: Limiter, key: string, own: readonly RateBucket[], steps: readonly Step[]) {
  let owed: Range[] = own.map(() => ({ least: 0, most: 0 }));
  let last: Times = [performance.now(), performance.now()];
  for (const { adjusts, amounts } of steps) {
    const began = performance.now();
    const taken = adjusts ? await limiter.adjust(key, own, amounts) : await limiter.take(key, own, amounts);
    const times: Times = [began, performance.now()];
    const before = own.map((bucket, i) => refilled(owed[i] as Range, elapsed(bucket, last, times), bucket));
    last = times;
    const amountOf = (i: number) => amounts[i] ?? 0;
    if (!taken) {
      owed = before.map(({ least, most }, i) => {
        const bucket = own[i] as RateBucket;
        return { least: adjusted(least, amountOf(i), bucket), most: adjusted(most, amountOf(i), bucket) };
      });
      continue;
    }
    const couldFit = own.every((bucket, i) => fits((before[i] as Range).least, amountOf(i), bucket));
    const mustFit = own.every((bucket, i) => fits((before[i] as Range).most, amountOf(i), bucket));
    assert.ok(taken.admitted ? couldFit : !mustFit, `${taken.admitted ? "admitted" : "refused"}: ${amounts}`);
    own.forEach(({ window, name }, i) => {
      const debt = (taken.debts[i] ?? Number.NaN) - (taken.admitted ? amountOf(i) * TICKS[window] : 0);
      const { least, most } = before[i] as Range;
      assert.ok(
        Number.isSafeInteger(debt) && debt >= least && debt <= most,
        `${name} lacked ${debt}, not ${least} to ${most}`,
      );
    });
    owed = taken.debts.map((debt) => ({ least: debt, most: debt }));
  }
}

interface Grant {
  readonly amount: number;
  readonly times: Times;
}

/** Sums up what was admitted between any two moments, and holds it to what a bucket can give in that time. */
function assertWithinAnyTime(grants: readonly Grant[], { limit, window }: RateBucket): void {
  const perMs = limit / (TICKS[window] * TICK_MS[window]);
  for (const {
    times: [from],
  } of grants) {
    for (const {
      times: [, to],
    } of grants) {
      const between = grants.filter(({ times: [began, ended] }) => began >= from && ended <= to);
      const sum = between.reduce((sum, { amount }) => sum + amount, 0);
      const most = limit + Math.ceil((to - from + 2 * TICK_MS[window]) * perMs);
      assert.ok(sum <= most, `${sum} were admitted in ${to - from} ms, where ${most} may be`);
    }
  }
}

export const modelRequirements: readonly LimiterRequirement[] = [
  {
    id: "limiter.model",
    title: "Any sequence of takes and adjustments is admitted and told of as buckets that fill steadily have it.",
    async run({ limiter }) {
      let run = 0;
      const property = fc.asyncProperty(
        buckets,
        fc.array(step, { minLength: 1, maxLength: 30 }),
        async (own, steps) => {
          run += 1;
          await follow(limiter, `run ${run}`, own, steps);
        },
      );
      await fc.assert(property, { numRuns: RUNS, interruptAfterTimeLimit: 15_000 });
    },
  },
  {
    id: "limiter.window",
    title: "In no time are more admitted than a bucket holds and what flows into it in that time.",
    async run({ limiter }) {
      let run = 0;
      const property = fc.asyncProperty(fc.integer({ min: 6_000, max: 60_000 }), async (limit) => {
        run += 1;
        const key = `run ${run}`;
        const bucket: RateBucket = { name: "rpm", window: "minute", limit };
        const grants: Grant[] = [];
        const take = async (amount: number) => {
          const began = performance.now();
          const { admitted } = await limiter.take(key, [bucket], [amount]);
          if (admitted) grants.push({ amount, times: [began, performance.now()] });
        };
        await take(limit - LEFT);
        assert.equal(grants.length, 1, "a bucket that is new was not full");
        await Promise.all(Array.from({ length: 2 * LEFT }, () => take(1)));
        // And what comes back, as soon as it does.
        const drained = grants.length;
        const until = performance.now() + COMES_BACK_MS;
        while (grants.length < drained + LEFT) {
          assert.ok(performance.now() < until, "what flows in cannot be taken");
          await take(1);
          await new Promise((resolve) => setImmediate(resolve));
        }
        assertWithinAnyTime(grants, bucket);
      });
      // Smaller cases would each be waited for as long, and say no more.
      await fc.assert(property, { numRuns: 10, interruptAfterTimeLimit: 15_000, endOnFailure: true });
    },
  },
];
