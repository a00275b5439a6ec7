import type { StrikeRules } from "../identity/strikes.ts";
import { MOST } from "../limits/bucket.ts";
import type { LimitPlan } from "../limits/limit-plan.ts";
import { planOf } from "../limits/limit-plan.ts";
import type { ModelLimits } from "../limits/rate-limits.options.ts";
import type { FlaggedCall } from "./policy.options.ts";

/**
 * What follows when a key's calls are flagged again and again, where the rule is to block or to flag. Each such call is one strike, whoever the
 * request says is behind it. They are for keys that the platform has issued: it needs the option `platform`.
 */
export interface StrikeOptions {
  /** Strikes from which on a key is warned: its replies say so. From 1 to 1,000, as the others. Default: never. */
  warnAt?: number;
  /** Strikes from which on a key has the limits of `throttledTo`; more than `warnAt`. Default: never. */
  throttleAt?: number;
  /** Strikes at which a key opens nothing any more, until an admin lifts it; more than the others. Default: never. */
  suspendAt?: number;
  /** How long a strike counts, in milliseconds: from 1 second to 366 days. Default: 7 days. */
  countedMs?: number;
  /** What a throttled key may ask for, of all models together, beside what its project may. Default: 3 requests a minute. */
  throttledTo?: Pick<ModelLimits, "requestsPerMinute" | "requestsPerDay">;
  /** Told of every strike. What it throws is logged and otherwise ignored. */
  onStrike?: (strike: Strike) => void;
}

/** A call that counts against its key. */
export interface Strike extends FlaggedCall {
  /** Id of the key. */
  readonly apiKey: string;
  /** Those that count now, this one with them. */
  readonly strikes: number;
  /** What this one has led to; `null` where nothing has changed. */
  readonly consequence: "warned" | "throttled" | "suspended" | null;
}

export interface CheckedStrikes extends StrikeRules {
  /** What holds for a throttled key; null for nothing. */
  readonly throttledTo: LimitPlan | null;
}

const MOST_STRIKES = 1_000;
const SECOND = 1_000;
const DAY = 24 * 60 * 60 * SECOND;
const NEVER = Number.POSITIVE_INFINITY;
const THROTTLED_TO = { requestsPerMinute: 3 };

/** @throws TypeError that names what cannot be */
export function checkStrikes(options: StrikeOptions): CheckedStrikes {
  const { warnAt = NEVER, throttleAt = NEVER, suspendAt = NEVER } = options;
  const { countedMs = 7 * DAY, throttledTo = THROTTLED_TO } = options;
  const counts = Object.entries({ warnAt, throttleAt, suspendAt }).filter(([, count]) => count !== NEVER);
  if (counts.length === 0) throw new TypeError("policy.strikes needs warnAt, throttleAt or suspendAt");
  let most = 0;
  for (const [name, count] of counts) {
    if (!(Number.isSafeInteger(count) && count >= 1 && count <= MOST_STRIKES)) {
      throw new TypeError(`policy.strikes.${name} must be a whole number from 1 to ${MOST_STRIKES}`);
    }
    if (count <= most) throw new TypeError("policy.strikes: warnAt, throttleAt and suspendAt must go up");
    most = count;
  }
  if (!(Number.isSafeInteger(countedMs) && countedMs >= SECOND && countedMs <= 366 * DAY)) {
    throw new TypeError("policy.strikes.countedMs must be a whole number of milliseconds, from a second to 366 days");
  }
  for (const [name, limit] of Object.entries(throttledTo)) {
    if (name !== "requestsPerMinute" && name !== "requestsPerDay") {
      throw new TypeError(`policy.strikes.throttledTo.${name} is no limit of a throttled key`);
    }
    if (!(Number.isSafeInteger(limit) && limit >= 0 && limit <= MOST)) {
      throw new TypeError(`policy.strikes.throttledTo.${name} must be a whole number from 0 to ${MOST}`);
    }
  }
  return { warnAt, throttleAt, suspendAt, countedMs, most, throttledTo: planOf("throttled", throttledTo) };
}
