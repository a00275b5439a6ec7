/** How an answer's tokens are spread over time, and where they end too soon. */
export interface Pace {
  /** Milliseconds before the first token. */
  readonly delayMs: number;
  /** 0 for as fast as possible. */
  readonly tokensPerSecond: number;
  /** After this many tokens, throw what `interrupt` makes; `Infinity` for never. */
  readonly interruptAfter: number;
  readonly interrupt: () => unknown;
}

/** True when nothing has to wait and nothing breaks: no timers then. */
export function isUnhurried({ delayMs, tokensPerSecond, interruptAfter }: Pace): boolean {
  return delayMs === 0 && tokensPerSecond === 0 && interruptAfter === Number.POSITIVE_INFINITY;
}

/** Waits before the first token. */
async function begin({ delayMs, interruptAfter, interrupt }: Pace, signal: AbortSignal): Promise<void> {
  if (delayMs > 0) await sleep(delayMs, signal);
  if (interruptAfter === 0) throw interrupt();
}

/** Gives out items when the tokens they stand for are due. */
export async function* paced<Item extends { readonly tokens: number }>(
  items: readonly Item[],
  pace: Pace,
  signal: AbortSignal,
): AsyncGenerator<Item> {
  await begin(pace, signal);
  const { tokensPerSecond, interruptAfter, interrupt } = pace;
  const start = performance.now();
  let said = 0;
  for (const item of items) {
    if (said >= interruptAfter) throw interrupt();
    said += item.tokens;
    if (tokensPerSecond > 0) await sleep(start + (said / tokensPerSecond) * 1000 - performance.now(), signal);
    yield item;
  }
  if (interruptAfter !== Number.POSITIVE_INFINITY) throw interrupt();
}

/** Waits as long as an answer of so many tokens takes, for a reply that comes in one piece. */
export async function takeTime(tokens: number, pace: Pace, signal: AbortSignal): Promise<void> {
  await begin(pace, signal);
  const { tokensPerSecond, interruptAfter, interrupt } = pace;
  if (tokensPerSecond > 0) await sleep((Math.min(tokens, interruptAfter) / tokensPerSecond) * 1000, signal);
  if (interruptAfter !== Number.POSITIVE_INFINITY) throw interrupt();
}

export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    if (ms <= 0) {
      resolve();
      return;
    }
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal.addEventListener("abort", onAbort, { once: true });
  });
}

/** Never answers; rejects when the client leaves. */
export function hang(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
