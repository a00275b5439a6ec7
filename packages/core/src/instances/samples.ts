/** How a time is spread: medians and the like, of the last calls. Milliseconds. */
export interface Spread {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

const KEPT = 1_000;

/** The last 1,000 times. */
export interface Samples {
  add(ms: number): void;
  /** Null before there was any. */
  spread(): Spread | null;
}

export function createSamples(): Samples {
  const kept: number[] = [];
  let next = 0;
  return {
    add(ms) {
      kept[next] = ms;
      next = (next + 1) % KEPT;
    },
    spread() {
      if (kept.length === 0) return null;
      const sorted = kept.toSorted((a, b) => a - b);
      const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] as number;
      return { p50: at(0.5), p95: at(0.95), max: at(1) };
    },
  };
}
