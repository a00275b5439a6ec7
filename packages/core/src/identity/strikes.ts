/** What a key's calls have been found at, as it is kept with the key. All in Unix milliseconds. */
export interface KeyStrikes {
  /** Until when each of them counts, in the order they came. */
  readonly countedUntil: readonly number[];
  readonly warnedUntil: number;
  readonly throttledUntil: number;
  /** Null while it is not. A suspension ends when it is lifted, and not by itself. */
  readonly suspendedAt: number | null;
}

export type KeyStanding = "good" | "warned" | "throttled" | "suspended";

/** From how many strikes on each consequence follows, and how long a strike counts, in milliseconds. */
export interface StrikeRules {
  readonly warnAt: number;
  readonly throttleAt: number;
  readonly suspendAt: number;
  readonly countedMs: number;
  /** Strikes that are kept: more than these have no consequence. */
  readonly most: number;
}

const NONE: KeyStrikes = { countedUntil: [], warnedUntil: 0, throttledUntil: 0, suspendedAt: null };

export function strikesNow(strikes: KeyStrikes = NONE, now: number): number {
  return strikes.countedUntil.filter((until) => until > now).length;
}

export function standingOf(strikes: KeyStrikes = NONE, now: number): KeyStanding {
  if (strikes.suspendedAt !== null) return "suspended";
  if (strikes.throttledUntil > now) return "throttled";
  return strikes.warnedUntil > now ? "warned" : "good";
}

/** With one more. */
export function struck(
  strikes: KeyStrikes = NONE,
  { warnAt, throttleAt, suspendAt, countedMs, most }: StrikeRules,
  now: number,
): KeyStrikes {
  const countedUntil = [...strikes.countedUntil.filter((until) => until > now), now + countedMs].slice(-most);
  /** Until there are fewer than so many. */
  const until = (count: number) => countedUntil[countedUntil.length - count] ?? 0;
  return {
    countedUntil,
    warnedUntil: until(warnAt),
    throttledUntil: until(throttleAt),
    suspendedAt: countedUntil.length >= suspendAt ? now : null,
  };
}
