import type { Change } from "../store/store.ts";

/** One run of a job. */
export interface Job {
  /** Unique among its owner's jobs of this kind; by custom the id of the record that the work is on. */
  readonly id: string;
  /** Whose it is; see `ownerOf`. */
  readonly owner: string;
  /** What it was enqueued with: small, a JSON value. What is large stays in the record that the work is on. */
  readonly payload: unknown;
  /** 1 for the first run; runs that a crash cut short count too. */
  readonly attempt: number;
  /**
   * Aborts when the job is not this process's any more: it was cancelled, or the outlet closes, or its lease was lost. The work is to
   * stop then; whatever it comes to is not written.
   */
  readonly signal: AbortSignal;
  /**
   * Writes on the way, while the job is this process's: false, and nothing is written, once it is not. So whatever a process that
   * was taken for dead still writes is refused. Waits for a store that is away as long as the job is held.
   */
  write(changes: readonly Change[]): Promise<boolean>;
}

/**
 * Makes the changes that a job ends in: written together with its end, or not at all. Called again when a record that a change
 * names a version of was changed meanwhile, so it reads what it replaces. Must have no effects of its own.
 */
export type JobEnding = () => readonly Change[] | Promise<readonly Change[]>;

/** What does the work of one kind of job. */
export interface JobKind {
  /**
   * Does the work, and gives the ending that puts its result in the store. May be called again for the same job after a crash, so
   * what it does on the way must bear being done twice; its ending is written once. What it throws is a failed attempt.
   */
  run(job: Job): Promise<JobEnding>;
  /** The ending of a job that has failed for good: what tells its owner why. */
  failed(job: Omit<Job, "signal" | "write">, reason: unknown): ReturnType<JobEnding>;
  /** How often it is begun, at most. Default: 3. */
  readonly maxAttempts?: number;
  /** False for errors that another attempt would meet as well: the job has then failed for good. Default: all are tried again. */
  retries?(error: unknown): boolean;
}

export interface JobsOptions {
  /** Jobs that run at a time in this process. Default: 16. */
  concurrency?: number;
  /**
   * Milliseconds between looks for jobs that other processes have enqueued or left, where the store is durable. Jobs that are enqueued
   * in this process start at once. Default: 1,000.
   */
  pollMs?: number;
  /**
   * Milliseconds after which a job whose process has died is taken by another; one that lives renews its hold three times as
   * often. Clocks of processes that share a store must agree much better than this. Default: 30,000.
   */
  leaseMs?: number;
  /**
   * For runtimes that stop whatever is under way when a request is over: is given the work on a job that a request has enqueued. On
   * Cloudflare Workers, `waitUntil` of `cloudflare:workers`. Jobs that were left are then looked for when the next one is enqueued,
   * not before and not by the clock. Default: the process goes on by itself.
   */
  waitUntil?: (work: Promise<unknown>) => void;
  /**
   * Responses that may be queued or in progress in the background at a time, for one project or, where callers have none, one caller.
   * Another is refused with a 429 `rate_limit_exceeded`. Requests that arrive at the same moment may go beyond it by their number.
   * Default: 1,000.
   */
  maxPending?: number;
  /** Milliseconds before a failed attempt is followed by the second, doubling for each further one up to a minute. Default: 1,000. */
  retryMs?: number;
}
