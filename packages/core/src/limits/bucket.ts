import type { RateBucket, Window } from "./limiter.ts";

/**
 * The arithmetic of buckets, in whole numbers only: in one tick, a bucket gains as many ticks as its limit says, and one of what it holds
 * is worth as many ticks as its window has. So nothing is ever rounded, however small the steps that a bucket fills in.
 */
export const TICKS: Readonly<Record<Window, number>> = { minute: 60_000, day: 86_400 };

/** How long a tick is, in milliseconds. */
export const TICK_MS: Readonly<Record<Window, number>> = { minute: 1, day: 1_000 };

/** The highest limit that there is. Twice as much of a day's ticks is still an exact number. */
export const MOST = 10_000_000_000;

/** A debt after so many ticks. */
export function lessened(debt: number, ticks: number, { limit }: RateBucket): number {
  return ticks > 0 ? Math.max(0, debt - ticks * limit) : debt;
}

export function hasRoom(debt: number, amount: number, { window, limit }: RateBucket): boolean {
  return amount === 0 || (amount <= limit && debt + amount * TICKS[window] <= limit * TICKS[window]);
}

/** What is taken from a bucket or given back to it. Nobody comes to owe more than two windows. */
export function adjusted(debt: number, amount: number, { window, limit }: RateBucket): number {
  const wanted = debt + Math.min(amount, 2 * MOST) * TICKS[window];
  return amount > 0 ? Math.min(wanted, Math.max(debt, 2 * limit * TICKS[window])) : Math.max(0, wanted);
}

/** How many are left in it, whole ones. */
export function remaining(debt: number, { window, limit }: RateBucket): number {
  return Math.max(0, Math.floor((limit * TICKS[window] - debt) / TICKS[window]));
}

/** Milliseconds until there is room for an amount that the bucket can hold. */
export function waitMs(debt: number, amount: number, bucket: RateBucket): number {
  const { window, limit } = bucket;
  const lacking = debt + amount * TICKS[window] - limit * TICKS[window];
  return lacking > 0 && limit > 0 ? Math.ceil(lacking / limit) * TICK_MS[window] : 0;
}

/** Milliseconds until it is full. */
export function fullMs(debt: number, bucket: RateBucket): number {
  return waitMs(debt, bucket.limit, bucket);
}
