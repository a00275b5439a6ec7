import type { Logger } from "../engine/engine.ts";
import { ApiError } from "../errors/api-error.ts";
import { cutShort } from "../errors/catalogue.ts";
import type { StoredRecord } from "../store/store.ts";
import type { Job, JobEnding, JobKind } from "./job.ts";
import { dataOf } from "./job-record.ts";
import type { Lease } from "./lease.ts";

const DEFAULT_MAX_ATTEMPTS = 3;
const MAX_RETRY_MS = 60_000;
/** How often an ending is made anew because of others' changes, before that counts as a failed attempt. */
const MAX_ENDINGS = 8;

export interface Attempt {
  readonly kind: string;
  readonly work: JobKind;
  readonly record: StoredRecord;
  readonly lease: Lease;
  readonly retryMs: number;
  readonly logger: Logger;
}

/** Runs a job that was claimed, to its end or to its next attempt. Never rejects. */
export async function runJob(attempt: Attempt): Promise<void> {
  const { lease, record, kind, logger } = attempt;
  try {
    await begin(attempt);
  } catch (error) {
    // The lease runs out, and the job is claimed again.
    logger.error({ kind, job: record.id, error }, "A job could not be brought to its end; it is tried again later.");
  } finally {
    lease.letGo("The attempt is over.");
  }
}

async function begin(attempt: Attempt): Promise<void> {
  const { work, record, lease } = attempt;
  const { id, owner } = record;
  const { payload, attempts } = dataOf(record);
  const maxAttempts = work.maxAttempts ?? DEFAULT_MAX_ATTEMPTS;
  if (attempts >= maxAttempts) {
    const job = { id, owner, payload, attempt: attempts };
    return fail(attempt, job, cutShort());
  }
  const write: Job["write"] = async (changes) => (await whileHeld(attempt, () => lease.write(changes))) ?? false;
  const job: Job = { id, owner, payload, attempt: attempts + 1, signal: lease.signal, write };
  // Counted before it begins: a job that takes its process down must not do so forever.
  if (!(await lease.update({ data: { payload, attempts: job.attempt } })) || lease.signal.aborted) return;
  try {
    await end(attempt, await work.run(job));
  } catch (error) {
    if (lease.signal.aborted) return;
    if (job.attempt < maxAttempts && (work.retries?.(error) ?? true)) await postpone(attempt, job.attempt, error);
    else await fail(attempt, job, error);
  }
}

async function fail(attempt: Attempt, job: Omit<Job, "signal" | "write">, reason: unknown): Promise<void> {
  const { work, kind, logger } = attempt;
  logger.error({ kind, job: job.id, attempt: job.attempt, error: reason }, "A job has failed.");
  await end(attempt, () => work.failed(job, reason));
}

/** Writes the ending with the end of the job, as long as the job is this process's. */
async function end(attempt: Attempt, ending: JobEnding): Promise<void> {
  const { lease } = attempt;
  for (let tries = 0; tries < MAX_ENDINGS; tries += 1) {
    const ended = await whileHeld(attempt, async () => (await lease.end(await ending())) || !(await lease.isHeld()));
    if (ended ?? true) return;
  }
  throw new Error("What the job ends in is being changed by too many others at once.");
}

/** Work is worth waiting for a store that is away, as long as the lease lasts. Null when it does not any more. */
async function whileHeld<T>({ lease, retryMs }: Attempt, work: () => Promise<T>): Promise<T | null> {
  while (!lease.signal.aborted) {
    try {
      return await work();
    } catch (error) {
      if (!isStoreAway(error)) throw error;
      await lease.pause(retryMs);
    }
  }
  return null;
}

async function postpone({ lease, retryMs, kind, record, logger }: Attempt, attempts: number, error: unknown) {
  logger.warn({ kind, job: record.id, attempt: attempts, error }, "An attempt at a job has failed; another follows.");
  const wait = Math.min(retryMs * 2 ** (attempts - 1), MAX_RETRY_MS);
  // Less up to a quarter, so that what failed together is not tried again together.
  await lease.update({ dueAt: Date.now() + Math.round(wait * (1 - Math.random() / 4)) });
}

function isStoreAway(error: unknown): boolean {
  return error instanceof ApiError && error.status === 503;
}
