const MAX_GROUP = 256;

interface Waiting<Work, Result> {
  readonly work: Work;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers what is asked for while the event loop turns, while the last group is being committed, and for `gatherMs` after one of
 * several, and commits it as one. When a group fails for what `isAboutValues` lays to one of its members, each is tried by itself, so that it fails alone.
 */
export function groupCommit<Work, Result>(
  commit: (group: readonly Work[]) => Promise<readonly Result[]>,
  isAboutValues: (error: unknown) => boolean,
  gatherMs = 0,
) {
  let gatherUntil = 0;
  let queue: Waiting<Work, Result>[] = [];
  let running: Promise<void> | null = null;

  async function run(): Promise<void> {
    while (queue.length > 0) {
      await gather();
      const group = queue.slice(0, MAX_GROUP);
      queue = queue.slice(MAX_GROUP);
      await settle(group);
      gatherUntil = group.length > 1 ? performance.now() + gatherMs : 0;
    }
    running = null;
  }

  /** Who writes one thing after another is not kept waiting: nothing comes together then. */
  async function gather(): Promise<void> {
    const left = gatherUntil - performance.now();
    await new Promise((resolve) => (left > 0 ? setTimeout(resolve, left) : setImmediate(resolve)));
  }

  async function settle(group: readonly Waiting<Work, Result>[]): Promise<void> {
    try {
      const results = await commit(group.map(({ work }) => work));
      for (const [i, { resolve }] of group.entries()) resolve(results[i] as Result);
    } catch (error) {
      if (group.length > 1 && isAboutValues(error)) {
        for (const waiting of group) await settle([waiting]);
      } else {
        for (const { reject } of group) reject(error);
      }
    }
  }

  return {
    add(work: Work): Promise<Result> {
      return new Promise((resolve, reject) => {
        queue.push({ work, resolve, reject });
        running ??= run();
      });
    },
    /** Resolves when nothing is waiting. */
    async drained(): Promise<void> {
      await running;
    },
  };
}
