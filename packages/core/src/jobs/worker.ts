import { atMost } from "../awaitable.ts";
import type { Logger } from "../engine/engine.ts";
import type { Store, StoredRecord } from "../store/store.ts";
import type { JobKind, JobsOptions } from "./job.ts";
import { dataOf, jobCollection } from "./job-record.ts";
import { holdLease, type Lease } from "./lease.ts";
import { runJob } from "./run-job.ts";
import { createAlarm } from "./timer.ts";

/** Claims the jobs of one kind when they are due, and runs them. */
export interface Worker {
  /** There is work, or will be at this time, Unix milliseconds. */
  expect(dueAt: number): void;
  /** Looks for work now. */
  look(): void;
  /** Stops the work on a job, if it is under way here: it was cancelled. */
  stop(owner: string, id: string): void;
  /** Claims nothing more; what still runs after so many milliseconds is stopped and handed back: another process may take it at once. */
  close(graceMs: number): Promise<void>;
}

export interface WorkerContext {
  readonly store: Store;
  readonly kind: string;
  readonly work: JobKind;
  readonly options: Required<Omit<JobsOptions, "waitUntil" | "maxPending">> & Pick<JobsOptions, "waitUntil">;
  readonly logger: Logger;
  /** Shared by the workers of all kinds. */
  readonly slots: Slots;
}

/** How many jobs may still begin. */
export interface Slots {
  /** False where there is none; `onFree` is called once when there is. */
  take(onFree: () => void): boolean;
  give(): void;
}

/** After the store has failed, in milliseconds. */
const MAX_PATIENCE_MS = 30_000;

export function createWorker({ store, kind, work, options, logger, slots }: WorkerContext): Worker {
  const { leaseMs, pollMs, retryMs, waitUntil } = options;
  const alarm = createAlarm(look);
  const underWay = new Map<StoredRecord, { lease: Lease; done: Promise<void> }>();
  let claiming: Promise<void> = Promise.resolve();
  let isClaiming = false;
  let again = false;
  let failures = 0;
  let closed = false;

  function look(): void {
    again = true;
    if (closed || isClaiming) return;
    claiming = claim();
    waitUntil?.(claiming);
  }

  async function claim(): Promise<void> {
    isClaiming = true;
    try {
      while (again && !closed) {
        again = false;
        while (!closed && slots.take(look)) {
          const record = await claimOne();
          if (!record) break;
          begin(record);
        }
      }
      failures = 0;
    } catch (error) {
      const wait = Math.min(pollMs * 2 ** failures, MAX_PATIENCE_MS);
      failures += 1;
      logger.warn({ kind, error, retryAfterMs: wait }, "Jobs could not be claimed.");
      alarm.set(Date.now() + wait);
    } finally {
      isClaiming = false;
    }
  }

  /** Gives its slot back unless there is a job for it. */
  async function claimOne(): Promise<StoredRecord | null> {
    let record: StoredRecord | null = null;
    try {
      const now = Date.now();
      record = await store.claim(jobCollection(kind), now, now + leaseMs);
      return record;
    } finally {
      if (!record) slots.give();
    }
  }

  function begin(record: StoredRecord): void {
    const lease = holdLease(store, record, leaseMs);
    const done = runJob({ kind, work, record, lease, retryMs, logger }).finally(() => {
      underWay.delete(record);
      slots.give();
    });
    underWay.set(record, { lease, done });
    waitUntil?.(done);
    // In case this process loses it, and nobody else is there to take it.
    if (record.dueAt !== null) alarm.set(record.dueAt);
  }

  async function handBack(record: StoredRecord, lease: Lease): Promise<void> {
    lease.letGo("The outlet is being closed.");
    try {
      // The attempt counts as none: it is not the job's fault.
      await lease.update({ dueAt: Date.now(), data: dataOf(record) });
    } catch (error) {
      logger.warn({ kind, job: record.id, error }, "A job could not be handed back; its lease has to run out.");
    }
  }

  return {
    look,
    expect(dueAt) {
      if (closed) return;
      if (dueAt <= Date.now()) look();
      else alarm.set(dueAt);
    },
    stop(owner, id) {
      for (const [record, { lease }] of underWay) {
        if (record.id === id && record.owner === owner) lease.letGo("The job was cancelled.");
      }
    },
    async close(graceMs) {
      closed = true;
      alarm.clear();
      await claiming;
      if (graceMs > 0 && underWay.size > 0)
        await atMost(graceMs, Promise.all([...underWay.values()].map(({ done }) => done)));
      await Promise.all([...underWay].map(([record, { lease }]) => handBack(record, lease)));
    },
  };
}
