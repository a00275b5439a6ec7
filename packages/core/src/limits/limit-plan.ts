import { MOST } from "./bucket.ts";
import type { RateBucket } from "./limiter.ts";
import type { ModelLimits } from "./rate-limits.options.ts";

/** The limits of one model for one project, as buckets. */
export interface LimitPlan {
  /** The model, or what the ids of those begin with that share these. */
  readonly name: string;
  readonly buckets: readonly RateBucket[];
  /** What each of them counts, as the type of a 429 names it. */
  readonly counts: readonly Counted[];
  /** What each of them holds, as headers have it. */
  readonly limits: readonly string[];
}

export type Counted = "requests" | "tokens";

const BUCKETS = [
  { limit: "requestsPerMinute", counted: "requests", window: "minute", name: "rpm" },
  { limit: "requestsPerDay", counted: "requests", window: "day", name: "rpd" },
  { limit: "tokensPerMinute", counted: "tokens", window: "minute", name: "tpm" },
  { limit: "tokensPerDay", counted: "tokens", window: "day", name: "tpd" },
] as const;

/** Null where there is nothing to hold to. The highest limit there is means none. */
export function planOf(name: string, limits: ModelLimits): LimitPlan | null {
  const buckets: RateBucket[] = [];
  const counts: Counted[] = [];
  for (const { limit: field, counted, window, name: bucket } of BUCKETS) {
    const limit = limits[field] ?? MOST;
    if (limit === MOST) continue;
    buckets.push({ name: bucket, window, limit });
    counts.push(counted);
  }
  return buckets.length === 0 ? null : { name, buckets, counts, limits: buckets.map(({ limit }) => String(limit)) };
}
