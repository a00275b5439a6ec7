/**
 * The same seed gives the same run, and a test suite gives the same answer twice: for new bodies, set `OUTLET_FUZZ_SEED`. A
 * failure prints it, and fast-check the path to its smallest case.
 */
export const SEED = number("OUTLET_FUZZ_SEED", 20_260_821);

/** Bodies in one run, all properties together. */
export const RUNS = number("OUTLET_FUZZ_RUNS", 10_000);

/** A share of the run for one property. */
export function share(part: number) {
  return { seed: SEED, numRuns: Math.ceil(RUNS * part) };
}

function number(name: string, fallback: number): number {
  const value = Number(process.env[name] ?? fallback);
  if (!Number.isSafeInteger(value) || value < 1) throw new TypeError(`${name} must be a whole number from 1`);
  return value;
}
