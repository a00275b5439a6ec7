import type { Batch } from "../../../engine/pieces.ts";
import { cutShort, engineFailed } from "../../../errors/catalogue.ts";
import type { Job } from "../../../jobs/job.ts";
import { unrefed } from "../../../jobs/timer.ts";
import type { RecordKey, Store } from "../../../store/store.ts";
import type { ResponseEvent } from "../responses.events.ts";
import { appendBatch, endOfLog, type LogEnd } from "./event-batches.ts";
import { createPacking } from "./packed-events.ts";

/** What is told of a response that is made in the background, as it is kept: clients see it when it is durable, and not before. */
export interface EventLog {
  /** Whether something of an answer was told: another answer would contradict it. */
  isBegun(): boolean;
  /** Keeps events, soon. Waits when there are many. */
  add(events: Batch<ResponseEvent>): Promise<void>;
  /** Keeps what is left, now. */
  flush(): Promise<void>;
}

/** Events are written this long after the former ones: a token is not a write. */
const EVERY_MS = 100;
/** Of a response that goes on for minutes, this long. */
const LATER_EVERY_MS = 1_000;
const LATER = 1_000;
/** Characters of JSON after which they are written at once. */
const MAX_SIZE = 64 * 1024;
const MAX_BATCHES = 10_000;

/** The log of a response, for whoever holds the job on it: what others write of it fails. */
export async function openEventLog(store: Store, key: RecordKey, job: Pick<Job, "write">): Promise<EventLog> {
  const packing = createPacking();
  let end = await endOfLog(store, key);
  // The first batch was written when the response was queued.
  let begun = end.batch > 1;
  let writtenAt = Number.NEGATIVE_INFINITY;
  let writing = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    const count = packing.count();
    if (count === 0) return;
    if (end.batch === MAX_BATCHES) throw engineFailed("The answer takes too long for its stream to be kept.");
    writing = true;
    const next: LogEnd = { batch: end.batch + 1, event: end.event + count };
    if (!(await job.write([appendBatch(key, end, packing.take())]))) throw cutShort();
    end = next;
    writtenAt = performance.now();
    writing = false;
    schedule();
  }

  /** One batch after the other; none after one that failed. */
  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    last = last.then(write);
    last.catch(() => {});
    return last;
  }

  function schedule(): void {
    if (writing || timer !== undefined || packing.count() === 0) return;
    const every = end.batch > LATER ? LATER_EVERY_MS : EVERY_MS;
    timer = unrefed(setTimeout(flush, Math.max(writtenAt + every - performance.now(), 0)));
  }

  return {
    isBegun: () => begun,
    flush,
    async add(events) {
      for (const event of events) {
        // That was told when it was queued.
        if (event.type === "response.created") continue;
        packing.add(event);
        begun = true;
      }
      if (packing.size() >= MAX_SIZE) await flush();
      else schedule();
    },
  };
}
