import { z } from "zod";
import type { Nanodollars } from "../../ledger/money.ts";

const NANOS_PER_CENT = 10_000_000;
/** Nine million dollars: more than the ledger can add up exactly. The reference states no bound. */
const MAX_CENTS = 900_000_000;

export const cents = (least: number) => z.int().min(least).max(MAX_CENTS);

/** What limits and alerts have in common. */
export const everyMonth = { currency: z.enum(["USD"]), interval: z.enum(["month"]) };
export const EVERY_MONTH = { currency: "USD", interval: "month" } as const;

export function fromCents(amount: number): Nanodollars {
  return amount * NANOS_PER_CENT;
}

export function inCents(amount: Nanodollars): number {
  return Math.round(amount / NANOS_PER_CENT);
}
