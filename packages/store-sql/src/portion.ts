/** How many rows one transaction erases: fewer, as long as it keeps others waiting. */
export interface Portion {
  readonly size: number;
  /** Tells how long a transaction with a portion of this size has taken, in milliseconds. */
  took(ms: number): void;
}

const MAX_MS = 10;

/** @param most for rows of an ordinary size; some megabytes each are pages by the thousand */
export function createPortion(most: number): Portion {
  let size = most;
  return {
    get size() {
      return size;
    },
    took(ms) {
      size = ms > MAX_MS ? Math.max(size >> 1, 1) : Math.min(size * 2, most);
    },
  };
}
