import type { Principal } from "../access/principal.ts";
import { RETENTION_TYPES, type RetentionType } from "./retention-type.ts";

/** What becomes of what is stored. https://platform.openai.com/docs/guides/your-data */
export interface RetentionOptions {
  /**
   * What holds for callers of whose project and organization no admin has said anything: with `zero_data_retention`, nothing that they say or are
   * answered is ever stored. Default: `modified_abuse_monitoring`, and what they ask to be stored is.
   */
  type?: RetentionType;
  /**
   * Days that a response or a stored chat completion is kept from when it is over, more than 0; `null`: until it is deleted. A function says it for
   * each caller as something of theirs is stored, by organization and project; `undefined` is the default then. What it throws, or a number that
   * cannot be, fails the call. A change holds for what is stored from then on. Conversations are kept until they are deleted. Default: 30.
   */
  days?: Days | ((principal: Principal) => Days | undefined);
}

type Days = number | null;

export const DEFAULT_RETENTION: RetentionType = "modified_abuse_monitoring";
const DEFAULT_DAYS = 30;
/** A thousand years: what is meant to last longer lasts for ever. */
const MAX_DAYS = 365_250;

/** @throws TypeError that names what cannot be */
export function checkRetention({ type = DEFAULT_RETENTION, days }: RetentionOptions): void {
  if (!RETENTION_TYPES.includes(type))
    throw new TypeError(`retention.type must be one of ${RETENTION_TYPES.join(", ")}`);
  if (typeof days !== "function") checkDays(days);
}

/** @throws TypeError when it is no number of days */
export function checkDays(days: Days | undefined = DEFAULT_DAYS): Days {
  if (days === null || (typeof days === "number" && days > 0 && days <= MAX_DAYS)) return days;
  throw new TypeError(`retention.days must be a number above 0 and up to ${MAX_DAYS}, or null for ever`);
}
