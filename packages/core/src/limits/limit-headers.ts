import { fullMs, remaining } from "./bucket.ts";
import { goDuration } from "./go-duration.ts";
import type { Counted, LimitPlan } from "./limit-plan.ts";

/** Adds how things stand to a reply's headers. https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers */
export function addLimitHeaders(headers: Record<string, string>, plan: LimitPlan, debts: readonly number[]): void {
  addHeaders(headers, "requests", plan, debts);
  addHeaders(headers, "tokens", plan, debts);
}

/** Of a minute's and a day's limit, the one that has less left. */
function addHeaders(
  headers: Record<string, string>,
  counted: Counted,
  { buckets, counts }: LimitPlan,
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
  headers[`x-ratelimit-limit-${counted}`] = String(bucket.limit);
  headers[`x-ratelimit-remaining-${counted}`] = String(least);
  headers[`x-ratelimit-reset-${counted}`] = goDuration(fullMs(debts[tightest] ?? 0, bucket));
}
