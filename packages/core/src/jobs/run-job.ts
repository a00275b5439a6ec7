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
  const job: Job = { id, owner, payload, attempt: attempts + 1, signal: lease.signal };
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

async function fail(attempt: Attempt, job: Omit<Job, "signal">, reason: unknown): Promise<void> {
  const { work, kind, logger } = attempt;
  logger.error({ kind, job: job.id, attempt: job.attempt, error: reason }, "A job has failed.");
  await end(attempt, () => work.failed(job, reason));
}

/** Writes the ending with the end of the job, as long as the job is this process's. */
async function end({ lease, retryMs }: Attempt, ending: JobEnding): Promise<void> {
  let tries = 0;
  while (!lease.signal.aborted) {
    try {
      if ((await lease.end(await ending())) || !(await lease.isHeld())) return;
    } catch (error) {
      if (!isStoreAway(error)) throw error;
      // The work is done: it is worth waiting for the store as long as the lease lasts.
      await lease.pause(retryMs);
      continue;
    }
    tries += 1;
    if (tries === MAX_ENDINGS) throw new Error("What the job ends in is being changed by too many others at once.");
  }
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
