import type { Logger } from "../engine/engine.ts";
import type { Change, Store } from "../store/store.ts";
import type { JobKind, JobsOptions } from "./job.ts";
import { kindOf } from "./job-record.ts";
import { unrefed } from "./timer.ts";
import { createWorker, type Slots, type Worker } from "./worker.ts";

/** Work that outlives its request. Everything that is known of it is in the store. */
export interface Jobs {
  /**
   * The store, watched: a job that is enqueued through it starts at once, one that is deleted through it is stopped. Whoever
   * enqueues and cancels uses this one; see `enqueueJob` and `cancelJob`.
   */
  readonly store: Store;
  /** Begins to work, on jobs of these kinds, those that are left of former processes first. */
  start(kinds: Readonly<Record<string, JobKind>>): void;
  /** Begins nothing more, lets what is under way finish for `graceMs` (default 0), and stops and hands back the rest. */
  close(graceMs?: number): Promise<void>;
}

const DEFAULTS: Required<Omit<JobsOptions, "waitUntil" | "maxPending">> = {
  concurrency: 16,
  pollMs: 1_000,
  leaseMs: 30_000,
  retryMs: 1_000,
};

export function createJobs({
  store,
  logger,
  options = {},
}: {
  store: Store;
  logger: Logger;
  options?: JobsOptions | undefined;
}): Jobs {
  const settings = { ...DEFAULTS, ...options };
  const workers = new Map<string, Worker>();
  const slots = createSlots(settings.concurrency);
  let poll: ReturnType<typeof setInterval> | undefined;

  /** Tells the workers what a write means for them. */
  function noticed(change: Change): void {
    const key = "insert" in change ? change.insert : "replace" in change ? change.replace : change.delete;
    const kind = kindOf(key.collection);
    const worker = kind !== null && workers.get(kind);
    if (!worker) return;
    if ("delete" in change) worker.stop(key.owner, key.id);
    else if ("dueAt" in key && typeof key.dueAt === "number") worker.expect(key.dueAt);
  }

  const watched: Store = {
    ...store,
    async write(changes) {
      const written = await store.write(changes);
      if (written) for (const change of changes) noticed(change);
      return written;
    },
  };

  return {
    store: watched,
    start(kinds) {
      for (const [kind, work] of Object.entries(kinds)) {
        workers.set(kind, createWorker({ store: watched, kind, work, options: settings, logger, slots }));
      }
      const look = () => {
        for (const worker of workers.values()) worker.look();
      };
      // Where all work belongs to a request, there is none yet.
      if (settings.waitUntil) return;
      look();
      // A store that nobody else writes to has no work that this process has not heard of.
      if (store.durable && workers.size > 0) poll = unrefed(setInterval(look, settings.pollMs));
    },
    async close(graceMs = 0) {
      clearInterval(poll);
      await Promise.all([...workers.values()].map((worker) => worker.close(graceMs)));
    },
  };
}

function createSlots(count: number): Slots {
  const waiting = new Set<() => void>();
  let free = count;
  return {
    take(onFree) {
      if (free === 0) {
        waiting.add(onFree);
        return false;
      }
      waiting.delete(onFree);
      free -= 1;
      return true;
    },
    give() {
      free += 1;
      const [next] = waiting;
      if (!next) return;
      waiting.delete(next);
      queueMicrotask(next);
    },
  };
}
