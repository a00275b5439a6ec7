import type { Call } from "../../../call.ts";
import type { Batch } from "../../../engine/pieces.ts";
import { responseNotFound } from "../../../errors/catalogue.ts";
import { untilAborted } from "../../../http/abort.ts";
import type { Includable } from "../../../items/include.ts";
import { withSealedThoughts } from "../../../items/sealed-thoughts.ts";
import { unrefed } from "../../../jobs/timer.ts";
import type { RecordKey } from "../../../store/store.ts";
import type { ResponseEvent } from "../responses.events.ts";
import type { StoredResponse } from "../responses.state.ts";
import { appendedBatch, batchesAfter, type StoredBatch } from "./event-batches.ts";
import { finalEvents } from "./final-events.ts";
import { isPending } from "./pending.ts";

/** How soon what another process has written is seen. */
const POLL_MS = 250;
/** Batches that wait for a client who is slow; more are read from the store again. */
const MAX_WAITING = 16;

export interface FollowOptions {
  readonly key: RecordKey;
  /** Sequence number of the last event that the client has; -1 for none. */
  readonly after: number;
  readonly include: readonly Includable[];
}

/**
 * The events of a response that is made in the background, from what was told until it is over. What this process writes comes
 * from memory, what others write from the store.
 */
export async function* followEvents(
  call: Pick<Call, "principal" | "services" | "exchange">,
  { key, after, include }: FollowOptions,
): AsyncGenerator<Batch<ResponseEvent>> {
  const { store, follow } = call.services;
  const news = createNews();
  const unfollow = follow(key, (change) => news.tell(appendedBatch(change)));
  let batch = -1;
  let next = 0;
  /** The batch's events that the client has not had; it is the next one. */
  const unseen = ({ number, first, events }: StoredBatch) => {
    batch = number;
    next = first + events.length;
    return events.slice(Math.max(after + 1 - first, 0));
  };
  try {
    while (true) {
      // Its state is read first: when it is over, the log is complete.
      const record = await store.get(key);
      if (!record) throw responseNotFound(key.id);
      const stored = record.data as StoredResponse;
      for await (const found of batchesAfter(store, key, batch)) yield unseen(found);
      // It begins with the record: without it, both are gone by now.
      if (batch < 0) throw responseNotFound(key.id);
      if (!isPending(stored)) {
        const { response } = stored;
        const output = [...(await withSealedThoughts(call, response.output, include))];
        yield finalEvents({ ...response, output }, include).slice(Math.max(after + 1 - next, 0));
        return;
      }
      for (let told = await heard(); told; told = await heard()) {
        if (told.number > batch + 1) break;
        if (told.number === batch + 1) yield unseen(told);
      }
    }
  } finally {
    unfollow();
  }

  /** The next batch from memory; `null` when the store knows more. */
  function heard(): Promise<StoredBatch | null> {
    return untilAborted(news.next(store.durable ? POLL_MS : null), call.exchange.cancellation);
  }
}

/** What this process has written and the client has not seen. */
function createNews() {
  const waiting: StoredBatch[] = [];
  let stale = false;
  let wake: () => void = () => {};

  return {
    /** A batch was appended; `null` for another change. */
    tell(batch: StoredBatch | null): void {
      if (batch && waiting.length < MAX_WAITING) waiting.push(batch);
      else stale = true;
      wake();
    },
    /** The next batch; `null` when the store has to be read, or may have to: nothing was told for so many milliseconds. */
    async next(ms: number | null): Promise<StoredBatch | null> {
      if (waiting.length === 0 && !stale) {
        await new Promise<void>((resolve) => {
          const timer = ms === null ? undefined : unrefed(setTimeout(resolve, ms));
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      const batch = waiting.shift();
      if (batch) return batch;
      stale = false;
      return null;
    },
  };
}
