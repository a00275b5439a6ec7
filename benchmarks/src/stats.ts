/** The value below which a share of the values lies; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** The middle value; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export interface Summary {
  median: number;
  /** How far the rounds lie from the median: half of the way from the lowest to the highest. */
  spread: number;
  rounds: number;
}

/** Of the rounds that gave a number; `null` when none did. */
export function summarize(values: readonly number[]): Summary | null {
  const valid = values.filter(Number.isFinite);
  if (valid.length === 0) return null;
  return { median: median(valid), spread: (Math.max(...valid) - Math.min(...valid)) / 2, rounds: valid.length };
}
