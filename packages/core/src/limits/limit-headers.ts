import { fullMs, remaining } from "./bucket.ts";
import { goDuration } from "./go-duration.ts";
import type { Counted, LimitPlan } from "./limit-plan.ts";

/** Written out: to put them together with each reply was half of what limits cost. */
const NAMES = {
  requests: {
    limit: "x-ratelimit-limit-requests",
    remaining: "x-ratelimit-remaining-requests",
    reset: "x-ratelimit-reset-requests",
  },
  tokens: {
    limit: "x-ratelimit-limit-tokens",
    remaining: "x-ratelimit-remaining-tokens",
    reset: "x-ratelimit-reset-tokens",
  },
} as const satisfies Record<Counted, unknown>;

/** Adds how things stand to a reply's headers. https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers */
export function addLimitHeaders(headers: Record<string, string>, plan: LimitPlan, debts: readonly number[]): void {
  addHeaders(headers, "requests", plan, debts);
  addHeaders(headers, "tokens", plan, debts);
}

/** Of a minute's and a day's limit, the one that has less left. */
function addHeaders(
  headers: Record<string, string>,
  counted: Counted,
  { buckets, counts, limits }: LimitPlan,
  debts: readonly number[],
): void {
  let tightest = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < buckets.length; i += 1) {
    const bucket = buckets[i];
    if (counts[i] !== counted || !bucket) continue;
    const left = remaining(debts[i] ?? 0, bucket);
    if (left >= least) continue;
    least = left;
    tightest = i;
  }
  const bucket = buckets[tightest];
  if (!bucket) return;
  const names = NAMES[counted];
  headers[names.limit] = limits[tightest] as string;
  headers[names.remaining] = String(least);
  headers[names.reset] = goDuration(fullMs(debts[tightest] ?? 0, bucket));
}
