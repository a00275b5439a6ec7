import type { Outcome, Work } from "./group.ts";

interface Waiting {
  readonly work: Work;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/** What is asked of a ledger, gathered into groups. */
export interface WorkQueue {
  add(work: Work): Promise<Outcome>;
  /** Resolves when nothing is waiting. */
  drained(): Promise<void>;
}

const MAX_GROUP = 256;
/** Milliseconds after which a group is committed although more comes. */
const MAX_GATHER_MS = 10;
/** Milliseconds after which endings are written that no beginning has taken along. */
const ENDINGS_MS = 10;

/**
 * Gathers works while the last group is being committed, and as long as each turn of the event loop brings more, and commits them as one
 * group: the more there is under way the larger are the groups, and nobody waits while there is nothing else to do. Calls wait for their
 * beginning to be committed, and for nothing else; so endings alone wait for a beginning to go with.
 *
 * When a group fails for what `isAboutValues` lays to one of its members, each is tried by itself, so that it fails alone.
 */
export function createQueue(
  commit: (group: readonly Work[]) => Promise<readonly Outcome[]>,
  isAboutValues: (error: unknown) => boolean,
): WorkQueue {
  let queue: Waiting[] = [];
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;

  function begin(): void {
    if (timer) clearTimeout(timer);
    timer = null;
    running ??= run();
  }

  async function run(): Promise<void> {
    await gather();
    const group = queue.slice(0, MAX_GROUP);
    queue = queue.slice(MAX_GROUP);
    await settle(
      group,
      group.map(({ work }) => work),
    );
    running = null;
    if (queue.length > 0) begin();
  }

  async function gather(): Promise<void> {
    const end = performance.now() + MAX_GATHER_MS;
    let before: number;
    do {
      before = queue.length;
      await new Promise((resolve) => setImmediate(resolve));
    } while (queue.length > before && queue.length < MAX_GROUP && performance.now() < end);
  }

  async function settle(group: readonly Waiting[], works: readonly Work[]): Promise<void> {
    try {
      const outcomes = await commit(works);
      for (let i = 0; i < group.length; i += 1) group[i]?.resolve(outcomes[i] as Outcome);
    } catch (error) {
      if (group.length > 1 && isAboutValues(error)) {
        for (const waiting of group) await settle([waiting], [waiting.work]);
      } else {
        for (const { reject } of group) reject(error);
      }
    }
  }

  return {
    add: (work) =>
      new Promise((resolve, reject) => {
        queue.push({ work, resolve, reject });
        if (running) return;
        if (work.type === "open" || queue.length >= MAX_GROUP) begin();
        else timer ??= setTimeout(begin, ENDINGS_MS);
      }),
    async drained() {
      while (running || queue.length > 0) {
        begin();
        await running;
      }
    },
  };
}
