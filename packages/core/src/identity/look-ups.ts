import { unavailable } from "../errors/catalogue.ts";

/** Looks at most `concurrency` things up at a time, and each of them once however many ask; who finds too many waiting is told to come back. */
export function createLookUps<Found>(
  lookUp: (key: string) => Promise<Found>,
  { concurrency, waiting }: { concurrency: number; waiting: number },
): (key: string) => Promise<Found> {
  const underWay = new Map<string, Promise<Found>>();
  const queue: (() => void)[] = [];
  let running = 0;

  async function turn(key: string): Promise<Found> {
    if (running >= concurrency) await new Promise<void>((resolve) => queue.push(resolve));
    else running += 1;
    try {
      return await lookUp(key);
    } finally {
      const next = queue.shift();
      if (next) next();
      else running -= 1;
    }
  }

  return (key) => {
    const known = underWay.get(key);
    if (known) return known;
    if (queue.length >= waiting) return Promise.reject(unavailable("Too many keys are being looked up. Try again."));
    const found = turn(key).finally(() => underWay.delete(key));
    underWay.set(key, found);
    return found;
  };
}
