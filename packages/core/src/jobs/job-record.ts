import type { Change, RecordKey, StoredRecord } from "../store/store.ts";

/** What a job's record holds. */
export interface JobData {
  readonly payload: unknown;
  /** Attempts that were begun. */
  readonly attempts: number;
}

export interface NewJob {
  readonly owner: string;
  /** Unique among the owner's jobs of this kind. */
  readonly id: string;
  /** A JSON value, small. */
  readonly payload: unknown;
  /** When to begin, Unix milliseconds; default: at once. */
  readonly dueAt?: number;
}

const PREFIX = "job.";

/** Each kind has a collection of its own, so that no process claims work that it does not know how to do. */
export function jobCollection(kind: string): string {
  return PREFIX + kind;
}

/** The kind whose jobs are in the collection; null when it has none. */
export function kindOf(collection: string): string | null {
  return collection.startsWith(PREFIX) ? collection.slice(PREFIX.length) : null;
}

function jobKey(kind: string, { owner, id }: Pick<NewJob, "owner" | "id">): RecordKey {
  return { collection: jobCollection(kind), owner, id };
}

/**
 * The change that enqueues a job. Write it together with the record that the work is on, through the outlet's store, and it
 * starts at once: `store.write([{ insert: response }, enqueueJob("response", { owner, id, payload })])`.
 */
export function enqueueJob(kind: string, { owner, id, payload, dueAt = Date.now() }: NewJob): Change {
  const data: JobData = { payload, attempts: 0 };
  return { insert: { ...jobKey(kind, { owner, id }), createdAt: Math.floor(Date.now() / 1000), dueAt, data } };
}

/**
 * The change that takes a job back, whether it runs or waits. Write it together with what the record that the work is on becomes,
 * naming the version of that one: a job that has ended meanwhile fails the write. In this process its work is told to stop at once,
 * in others at the next renewal of its lease; its ending is not written any more.
 */
export function cancelJob(kind: string, job: Pick<NewJob, "owner" | "id">): Change {
  return { delete: jobKey(kind, job) };
}

export function dataOf(record: StoredRecord): JobData {
  return record.data as JobData;
}
