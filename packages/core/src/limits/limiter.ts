import type { Awaitable } from "../awaitable.ts";

/** Something that callers may have so much of in so long: a bucket that is full at first, and fills again steadily. */
export interface RateBucket {
  /** Among the buckets of a key. */
  readonly name: string;
  readonly window: Window;
  /** What it holds, and what flows into it in one window. A whole number, at most `MOST`. */
  readonly limit: number;
}

export type Window = "minute" | "day";

/** What was decided, and how things stand after it. */
export interface Taken {
  readonly admitted: boolean;
  /** What each bucket lacks, in the order asked for; in ticks, of which one of whatever it holds has as many as its window. */
  readonly debts: readonly number[];
}

/**
 * Keeps the buckets that rate limits are made of. Every decision is made in one step: of callers at the same moment, in however many
 * processes share the limiter, exactly as many are admitted as there is room for.
 */
export interface Limiter {
  readonly specificationVersion: "v1";
  /**
   * Takes an amount from each bucket of a key, or nothing from any when one has too little. A bucket of which 0 is wanted is looked at
   * and refuses nobody. May reject with an `ApiError`, where that is what clients are to get.
   */
  take(key: string, buckets: readonly RateBucket[], amounts: readonly number[]): Awaitable<Taken>;
  /** Takes more, whether it is there or not, or gives back where the amount is negative. Does not reject. */
  adjust(key: string, buckets: readonly RateBucket[], amounts: readonly number[]): Awaitable<void>;
  /** True while what it shares with other processes cannot be reached. */
  away?(): boolean;
  close?(): Promise<void>;
}
