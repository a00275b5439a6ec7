import type { Principal } from "../access/principal.ts";
import { unixSeconds } from "../ids.ts";
import { checkDays, checkRetention, DEFAULT_RETENTION, type RetentionOptions } from "./retention.options.ts";
import type { RetentionType } from "./retention-type.ts";

/** What becomes of what is stored, where no admin has said anything. */
export interface Retention {
  readonly type: RetentionType;
  /**
   * Seconds that responses and completions of this caller are kept when they are over; null where nothing but their deletion ends them.
   * @throws TypeError when the host's own function gives none
   */
  secondsFor(principal: Principal): number | null;
}

const SECONDS_PER_DAY = 86_400;

/** @throws TypeError that names what cannot be */
export function createRetention(options: RetentionOptions): Retention {
  checkRetention(options);
  const { type = DEFAULT_RETENTION, days } = options;
  return {
    type,
    secondsFor(principal) {
      const kept = checkDays(typeof days === "function" ? days(principal) : days);
      return kept === null ? null : Math.ceil(kept * SECONDS_PER_DAY);
    },
  };
}

/** When what is over now expires, Unix seconds; null for never. */
export function expiryAfter(seconds: number | null): number | null {
  return seconds === null ? null : unixSeconds() + seconds;
}
