import type { Limiter, RateBucket } from "@outlet/core";

/** What comes back of it in the time that a requirement takes is nothing. */
export const daily = (limit: number, name = "rpd"): RateBucket => ({ name, window: "day", limit });

/** The ticks that one of a day's bucket is worth. */
export const DAY = 86_400;

export async function admitted(limiter: Limiter, key: string, bucket: RateBucket, amount: number): Promise<boolean> {
  return (await limiter.take(key, [bucket], [amount])).admitted;
}

/** How many of so many takes of 1 at once, through these limiters in turn, were admitted. */
export async function admittedAtOnce(limiters: readonly Limiter[], takes: number, bucket: RateBucket): Promise<number> {
  const taken = await Promise.all(
    Array.from({ length: takes }, (_, i) => (limiters[i % limiters.length] as Limiter).take("k", [bucket], [1])),
  );
  return taken.filter((one) => one.admitted).length;
}
