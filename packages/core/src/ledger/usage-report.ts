import type { Settlement, UsageKind } from "./ledger.ts";
import type { Nanodollars } from "./money.ts";

/** What usage is told apart by. */
export const DIMENSIONS = ["organization", "project", "apiKey", "user", "model", "kind", "batch"] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** What is added up. */
export const COUNTERS = [
  "requests",
  "input_tokens",
  "cached_tokens",
  "output_tokens",
  "reasoning_tokens",
  "input_audio_tokens",
  "output_audio_tokens",
  "input_image_tokens",
  "output_image_tokens",
  "characters",
  "seconds",
  "images",
  "cost",
] as const;
export type Counter = (typeof COUNTERS)[number];

/** Seconds that a bucket is long. */
export const BUCKET_WIDTHS = [60, 3_600, 86_400] as const;
export type BucketWidth = (typeof BUCKET_WIDTHS)[number];

export interface UsageQuery {
  /** Unix seconds; of the bucket that it falls into, all is told. */
  readonly from: number;
  /** Unix seconds, exclusive. */
  readonly to: number;
  readonly width: BucketWidth;
  readonly groupBy: readonly Dimension[];
  /** Each must be one of these; `null` stands for none. */
  readonly only?: Partial<Readonly<Record<Exclude<Dimension, "batch">, readonly (string | null)[]>>> & {
    readonly batch?: boolean;
  };
}

/** One group of one bucket. Ordered by bucket, then as the dimensions are. Buckets without usage have no rows. */
export type UsageRow = Readonly<Record<Counter, number>> & {
  /** Unix seconds. */
  readonly start: number;
  readonly cost: Nanodollars;
  readonly organization?: string | null;
  readonly project?: string | null;
  readonly apiKey?: string;
  readonly user?: string | null;
  readonly model?: string;
  readonly kind?: UsageKind;
  readonly batch?: boolean;
};

/** What an entry adds to the buckets that it falls into; null for a failure that consumed nothing. */
export function countersOf({ outcome, usage, cost }: Settlement): Record<Counter, number> | null {
  const counters = {
    requests: 1,
    input_tokens: usage.input_tokens,
    cached_tokens: usage.cached_tokens,
    output_tokens: usage.output_tokens,
    reasoning_tokens: usage.reasoning_tokens,
    input_audio_tokens: usage.input_audio_tokens ?? 0,
    output_audio_tokens: usage.output_audio_tokens ?? 0,
    input_image_tokens: usage.input_image_tokens ?? 0,
    output_image_tokens: usage.output_image_tokens ?? 0,
    characters: usage.characters ?? 0,
    seconds: usage.seconds ?? 0,
    images: usage.images ?? 0,
    cost,
  };
  return outcome === "failed" && !isAnything(counters) ? null : counters;
}

function isAnything({ requests: _, ...consumed }: Record<Counter, number>): boolean {
  return Object.values(consumed).some((count) => count > 0);
}

/** Adds to a sum. Written out, since it is done three times for each call: by name after name it takes several times as long. */
export function addCounters(sum: Record<Counter, number>, more: Readonly<Record<Counter, number>>): void {
  sum.requests += more.requests;
  sum.input_tokens += more.input_tokens;
  sum.cached_tokens += more.cached_tokens;
  sum.output_tokens += more.output_tokens;
  sum.reasoning_tokens += more.reasoning_tokens;
  sum.input_audio_tokens += more.input_audio_tokens;
  sum.output_audio_tokens += more.output_audio_tokens;
  sum.input_image_tokens += more.input_image_tokens;
  sum.output_image_tokens += more.output_image_tokens;
  sum.characters += more.characters;
  sum.seconds += more.seconds;
  sum.images += more.images;
  sum.cost += more.cost;
}

/** When the bucket of a time begins, Unix seconds. */
export function bucketStart(atMs: number, width: BucketWidth): number {
  const seconds = Math.floor(atMs / 1_000);
  return seconds - (seconds % width);
}

/** What all of these came to. */
export function costIn(rows: readonly UsageRow[]): Nanodollars {
  return rows.reduce((sum, { cost }) => sum + cost, 0);
}

/** In the order that rows are given in: by bucket, then as the dimensions are; nothing before something. */
export function compareRows(a: UsageRow, b: UsageRow): number {
  if (a.start !== b.start) return a.start - b.start;
  for (const name of DIMENSIONS) {
    const [one, other] = [String(a[name] ?? ""), String(b[name] ?? "")];
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}
