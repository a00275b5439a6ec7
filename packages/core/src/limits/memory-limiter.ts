import { adjusted, fullMs, hasRoom, lessened, TICK_MS } from "./bucket.ts";
import type { Limiter, RateBucket } from "./limiter.ts";

export interface MemoryLimiterOptions {
  /**
   * Callers' models that are remembered at a time; beyond it, what owes nothing is forgotten first, and then what is known for longest.
   * Default: 100,000.
   */
  maxKeys?: number;
  /** Unix milliseconds. Default: `Date.now`. */
  now?: () => number;
}

interface State {
  readonly bucket: RateBucket;
  debt: number;
  /** In ticks. */
  at: number;
}

const MAX_KEYS = 100_000;

/** Rate limits in this process's memory. */
export function createMemoryLimiter({ maxKeys = MAX_KEYS, now = Date.now }: MemoryLimiterOptions = {}): Limiter {
  /** By key, then in the order of its buckets, which hardly ever changes. */
  const known = new Map<string, State[]>();

  function statesOf(key: string, buckets: readonly RateBucket[], ms: number): State[] {
    const states = known.get(key);
    if (states) {
      for (let i = 0; i < buckets.length; i += 1) {
        if (states[i]?.bucket !== buckets[i]) return renew(key, states, buckets, ms);
        refill(states[i] as State, ms);
      }
      return states;
    }
    if (known.size >= maxKeys) makeRoom(ms);
    return renew(key, [], buckets, ms);
  }

  /** The limits have changed: what is owed is owed still. */
  function renew(key: string, former: State[], buckets: readonly RateBucket[], ms: number): State[] {
    const states = buckets.map((bucket): State => {
      const was = former.find((state) => state.bucket.name === bucket.name && state.bucket.window === bucket.window);
      if (!was) return { bucket, debt: 0, at: ticksAt(ms, bucket) };
      refill(was, ms);
      return { ...was, bucket };
    });
    known.set(key, states);
    return states;
  }

  /** Forgets a tenth at least, so that it is seldom done. */
  function makeRoom(ms: number): void {
    for (const [key, states] of known) {
      if (
        states.every(({ bucket, debt, at }) => fullMs(lessened(debt, ticksAt(ms, bucket) - at, bucket), bucket) === 0)
      )
        known.delete(key);
    }
    const most = Math.floor(maxKeys * 0.9);
    for (const key of known.keys()) {
      if (known.size <= most) return;
      known.delete(key);
    }
  }

  return {
    specificationVersion: "v1",
    take(key, buckets, amounts) {
      const states = statesOf(key, buckets, now());
      const admitted = haveRoom(states, buckets, amounts);
      if (admitted) add(states, buckets, amounts);
      const debts: number[] = [];
      for (let i = 0; i < buckets.length; i += 1) debts.push((states[i] as State).debt);
      return { admitted, debts };
    },
    adjust(key, buckets, amounts) {
      add(statesOf(key, buckets, now()), buckets, amounts);
    },
  };
}

function haveRoom(states: readonly State[], buckets: readonly RateBucket[], amounts: readonly number[]): boolean {
  for (let i = 0; i < buckets.length; i += 1) {
    const { debt, bucket } = states[i] as State;
    if (!hasRoom(debt, amounts[i] ?? 0, bucket)) return false;
  }
  return true;
}

function add(states: readonly State[], buckets: readonly RateBucket[], amounts: readonly number[]): void {
  for (let i = 0; i < buckets.length; i += 1) {
    const state = states[i] as State;
    state.debt = adjusted(state.debt, amounts[i] ?? 0, state.bucket);
  }
}

/** A clock that is set back stands still for a while. */
function refill(state: State, ms: number): void {
  const ticks = ticksAt(ms, state.bucket);
  if (ticks <= state.at) return;
  state.debt = lessened(state.debt, ticks - state.at, state.bucket);
  state.at = ticks;
}

function ticksAt(ms: number, { window }: RateBucket): number {
  return Math.floor(ms / TICK_MS[window]);
}
