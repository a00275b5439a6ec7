import type { Nanodollars } from "../ledger/money.ts";

/** Whether an instance pays, by the calls that it has answered in this process. Tokens are those read and written together. */
export interface BreakEven {
  /** What it costs a day, used or not. */
  readonly reservedPerDay: Nanodollars;
  /** What its calls would have cost at the price of the model that all share. */
  readonly sharedCost: Nanodollars;
  /** Tokens a day, of such calls as it has answered, from which on it costs less than they would; null while it has answered none that have a price. */
  readonly tokensPerDay: number | null;
  /** Tokens a day that it answers now. */
  readonly currentTokensPerDay: number;
  /** What costs less at that rate; null while that cannot be told. */
  readonly cheaper: "reserved" | "shared" | null;
}

const DAY_MS = 86_400_000;
const NANOS_PER_DOLLAR = 1e9;

export function breakEven(
  pricePerHour: number,
  { tokens, sharedCost, elapsedMs }: { tokens: number; sharedCost: Nanodollars; elapsedMs: number },
): BreakEven {
  const reservedPerDay = Math.round(pricePerHour * 24 * NANOS_PER_DOLLAR);
  const days = Math.max(elapsedMs, 1) / DAY_MS;
  const known = sharedCost > 0 && tokens > 0;
  return {
    reservedPerDay,
    sharedCost,
    tokensPerDay: known ? Math.ceil(reservedPerDay / (sharedCost / tokens)) : null,
    currentTokensPerDay: Math.round(tokens / days),
    cheaper: known ? (sharedCost / days > reservedPerDay ? "reserved" : "shared") : null,
  };
}
