/** How many rows one transaction erases: fewer, as long as it keeps others waiting. */
export interface Portion {
  readonly size: number;
  /** Tells how long a transaction with a portion of this size has taken, in milliseconds. */
  took(ms: number): void;
}

const MAX_MS = 10;
/** The part of an ordinary portion that always goes: a database that is far away takes long over a single row, too. */
const LEAST = 1 / 10;

/** @param most for rows of an ordinary size; some megabytes each are pages by the thousand */
export function createPortion(most: number): Portion {
  const least = Math.ceil(most * LEAST);
  let size = most;
  return {
    get size() {
      return size;
    },
    took(ms) {
      size = ms > MAX_MS ? Math.max(size >> 1, least) : Math.min(size * 2, most);
    },
  };
}
