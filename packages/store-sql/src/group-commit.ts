const MAX_GROUP = 256;

interface Waiting<Work, Result> {
  readonly work: Work;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** Milliseconds after which a group is committed although more comes. */
const MAX_GATHER_MS = 20;

/**
 * Gathers what is asked for while the last group is being committed, and as long as each turn of the event loop brings more, and commits it as
 * one. So the more there is under way the larger are the groups, and nobody waits while there is nothing else to do. When a group fails
 * for what `isAboutValues` lays to one of its members, each is tried by itself, so that it fails alone.
 */
export function groupCommit<Work, Result>(
  commit: (group: readonly Work[]) => Promise<readonly Result[]>,
  isAboutValues: (error: unknown) => boolean,
) {
  let queue: Waiting<Work, Result>[] = [];
  let running: Promise<void> | null = null;

  async function run(): Promise<void> {
    while (queue.length > 0) {
      await gather();
      const group = queue.slice(0, MAX_GROUP);
      queue = queue.slice(MAX_GROUP);
      await settle(group);
    }
    running = null;
  }

  async function gather(): Promise<void> {
    const end = performance.now() + MAX_GATHER_MS;
    let before: number;
    do {
      before = queue.length;
      await new Promise((resolve) => setImmediate(resolve));
    } while (queue.length > before && queue.length < MAX_GROUP && performance.now() < end);
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
