import type { Change, Store, StoredRecord } from "../store/store.ts";
import { unrefed } from "./timer.ts";

/** This process's hold on a job that it has claimed. */
export interface Lease {
  /** Aborts when the hold is lost or let go. */
  readonly signal: AbortSignal;
  /** Changes the job's record, if it is still held; else false, and the hold is lost. */
  update(what: Partial<Pick<StoredRecord, "dueAt" | "data">>): Promise<boolean>;
  /** Makes the changes, if the job is still held; else false, and nothing is changed. */
  write(changes: readonly Change[]): Promise<boolean>;
  /** Removes the job and makes the changes, all or nothing; false when the job is not held any more or a change cannot be made. */
  end(changes: readonly Change[]): Promise<boolean>;
  /** Whether the record is as this process has left it. */
  isHeld(): Promise<boolean>;
  /** Resolves after so many milliseconds, or when the signal aborts. */
  pause(ms: number): Promise<void>;
  /** Stops renewing; aborts the signal with the reason. */
  letGo(reason: string): void;
}

/** Renewals in the time that a lease lasts. */
const RENEWALS = 3;

export function holdLease(store: Store, record: StoredRecord, leaseMs: number): Lease {
  const { collection, owner, id } = record;
  const key = { collection, owner, id };
  const abort = new AbortController();
  let { version } = record;
  let heldUntil = performance.now() + leaseMs;
  let last: Promise<unknown> = Promise.resolve();

  /** One write after the other: each names the version that the one before has left. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  }

  function letGo(reason: string): void {
    clearInterval(renewal);
    if (!abort.signal.aborted) abort.abort(new Error(reason));
  }

  function write(what: Partial<Pick<StoredRecord, "dueAt" | "data">>, also: readonly Change[] = []): Promise<boolean> {
    return inTurn(async () => {
      const written = await store.write([{ replace: { ...key, version, ...what } }, ...also]);
      if (written) version += 1;
      else letGo("The job was cancelled, or another process has taken it.");
      return written;
    });
  }

  async function renew(): Promise<void> {
    if (abort.signal.aborted) return;
    const start = performance.now();
    try {
      if (await write({ dueAt: Date.now() + leaseMs })) heldUntil = start + leaseMs;
    } catch {
      // The store may be back before the lease is over; after that, another process may have the job.
      if (performance.now() >= heldUntil) letGo("The lease of the job could not be renewed.");
    }
  }

  const renewal = unrefed(setInterval(renew, leaseMs / RENEWALS));

  return {
    signal: abort.signal,
    update: (what) => write(what),
    write: (changes) => write({}, changes),
    letGo,
    pause: (ms) =>
      new Promise((resolve) => {
        if (abort.signal.aborted) return resolve();
        const timer = unrefed(setTimeout(resolve, ms));
        const stop = () => {
          clearTimeout(timer);
          resolve();
        };
        abort.signal.addEventListener("abort", stop, { once: true });
      }),
    end: (changes) =>
      inTurn(() => store.write([{ replace: { ...key, version, dueAt: null } }, { delete: key }, ...changes])),
    isHeld: () => inTurn(async () => (await store.get(key))?.version === version),
  };
}
