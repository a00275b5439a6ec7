/**
 * Money is counted in whole nanodollars, billionths of a US dollar: a token of the cheapest models costs some of them. As safe
 * integers they add up exactly to nine million dollars, and travel through JSON and databases as they are.
 */
export type Nanodollars = number;

const NANOS_PER_DOLLAR = 1_000_000_000;
/** Exact to a nanodollar where it is written as people write prices: with nine decimals at most. */
const MAX_DOLLARS = Number.MAX_SAFE_INTEGER / NANOS_PER_DOLLAR;

/**
 * `dollars(5)` → 5,000,000,000.
 * @throws TypeError for what is no amount: below zero, not finite, above nine million
 */
export function dollars(amount: number): Nanodollars {
  if (!(amount >= 0 && amount <= MAX_DOLLARS)) throw new TypeError(`${amount} is no amount of dollars`);
  return Math.round(amount * NANOS_PER_DOLLAR);
}

/** For people and for the API, which speaks of dollars: `inDollars(1_500_000_000)` → 1.5. */
export function inDollars(amount: Nanodollars): number {
  return amount / NANOS_PER_DOLLAR;
}
