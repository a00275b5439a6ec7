import type { Call } from "../../../call.ts";
import { invalidRequest, noLedger } from "../../../errors/catalogue.ts";
import {
  type BucketWidth,
  bucketStart,
  type Dimension,
  type UsageQuery,
  type UsageRow,
} from "../../../ledger/usage-report.ts";
import type { UsageBucket, UsagePage } from "./usage.types.ts";

const SECONDS = { "1m": 60, "1h": 3_600, "1d": 86_400 } as const satisfies Record<string, BucketWidth>;

export interface BucketLimits {
  readonly standard: number;
  readonly most: number;
}

/** How many buckets a page may have. https://platform.openai.com/docs/api-reference/usage/completions */
export const USAGE_LIMITS: Readonly<Record<keyof typeof SECONDS, BucketLimits>> = {
  "1m": { standard: 60, most: 1_440 },
  "1h": { standard: 24, most: 168 },
  "1d": { standard: 7, most: 31 },
};

interface Asked {
  readonly start_time: number;
  readonly end_time?: number | undefined;
  readonly limit?: number | undefined;
  readonly page?: string | undefined;
}

export interface Report<Result> {
  readonly width: keyof typeof SECONDS;
  readonly limits: BucketLimits;
  readonly groupBy: readonly Dimension[];
  readonly only: NonNullable<UsageQuery["only"]>;
  readonly result: (row: UsageRow) => Result;
}

/**
 * A page of a report on the caller's organization: every bucket in turn, also those in which nothing was consumed.
 * @throws ApiError 400 for a range or a page that is none; 404 where nobody keeps a ledger
 */
export async function usagePage<Result>(
  { services, principal }: Pick<Call, "services" | "principal">,
  asked: Asked,
  { width, limits, groupBy, only, result }: Report<Result>,
): Promise<UsagePage<Result>> {
  if (!services.accounts) throw noLedger();
  const seconds = SECONDS[width];
  const end = asked.end_time ?? Math.floor(Date.now() / 1000) + 1;
  if (asked.start_time >= end) throw invalidRequest("'end_time' must be after 'start_time'.", "end_time");
  const limit = limitOf(asked.limit, limits);
  const first = bucketStart(startOf(asked) * 1000, seconds);
  const buckets: UsageBucket<Result>[] = [];
  for (let start = first; start < end && buckets.length < limit; start += seconds) {
    buckets.push({ object: "bucket", start_time: start, end_time: start + seconds, results: [] });
  }
  const next = first + buckets.length * seconds;
  const organization = [principal.organization ?? null];
  const query = { from: first, to: Math.min(next, end), width: seconds, groupBy, only: { ...only, organization } };
  for (const row of await services.accounts.ledger.usage(query)) {
    buckets[(row.start - first) / seconds]?.results.push(result(row));
  }
  const hasMore = next < end;
  return { object: "page", data: buckets, has_more: hasMore, next_page: hasMore ? `page_${next}` : null };
}

function limitOf(limit: number | undefined, { standard, most }: BucketLimits): number {
  if (limit === undefined) return standard;
  if (limit <= most) return limit;
  throw invalidRequest(
    `Invalid 'limit': integer above maximum value. Expected a value <= ${most}, but got ${limit} instead.`,
    "limit",
    "integer_above_max_value",
  );
}

/** A page is named by the bucket that it begins with. */
function startOf({ start_time, page }: Asked): number {
  if (page === undefined) return start_time;
  const start = Number(/^page_(\d{1,12})$/.exec(page)?.[1] ?? Number.NaN);
  if (start > start_time) return start;
  throw invalidRequest("Invalid 'page': it is not one of this report.", "page");
}
