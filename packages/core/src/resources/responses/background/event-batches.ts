import type { Batch } from "../../../engine/pieces.ts";
import { responseNotFound } from "../../../errors/catalogue.ts";
import { unixSeconds } from "../../../ids.ts";
import type { Change, RecordKey, Store, StoredRecord } from "../../../store/store.ts";
import type { ResponseEvent } from "../responses.events.ts";
import { type PackedEvent, unpacked } from "./packed-events.ts";

// What a response that is made in the background has told so far: records of a few events each, under the response's own. They are
// numbered from 0 on without a gap, and deleted with it. The events that end it are not among them: they follow from the response.

const COLLECTION = "response.event";
/** Batches in one reading: none has much more than `MAX_SIZE` of the log. */
const PAGE = 16;

interface BatchData {
  /** Sequence number of its first event. */
  first: number;
  events: PackedEvent[];
}

/** Where a log ends. */
export interface LogEnd {
  /** The number of the next batch. */
  readonly batch: number;
  /** The sequence number of the next event. */
  readonly event: number;
}

export const LOG_START: LogEnd = { batch: 0, event: 0 };

/** The change that appends a batch. */
export function appendBatch({ owner, id: parent }: RecordKey, { batch, event }: LogEnd, events: PackedEvent[]): Change {
  const data: BatchData = { first: event, events };
  return { insert: { collection: COLLECTION, owner, parent, id: String(batch), createdAt: unixSeconds(), data } };
}

/** The batch that a change appends; `null` when it does something else. */
export function appendedBatch(change: Change): StoredBatch | null {
  return "insert" in change && change.insert.collection === COLLECTION ? batchOf(change.insert) : null;
}

export interface StoredBatch {
  readonly number: number;
  readonly first: number;
  readonly events: Batch<ResponseEvent>;
}

/**
 * Every batch behind the one of this number, oldest first.
 * @throws ApiError 404 when the log is deleted on the way
 */
export async function* batchesAfter(
  store: Store,
  { owner, id: parent }: RecordKey,
  number: number,
): AsyncGenerator<StoredBatch> {
  const list = { collection: COLLECTION, owner, parent, order: "asc", limit: PAGE } as const;
  let last = number;
  while (true) {
    const page = await store.list({ ...list, ...(last >= 0 && { after: String(last) }) });
    if (!page) throw responseNotFound(parent);
    for (const record of page.records) yield batchOf(record);
    const next = page.records.at(-1);
    if (!page.hasMore || !next) return;
    last = Number(next.id);
  }
}

export async function endOfLog(store: Store, { owner, id: parent }: RecordKey): Promise<LogEnd> {
  const page = await store.list({ collection: COLLECTION, owner, parent, order: "desc", limit: 1 });
  const [last] = page?.records ?? [];
  if (!last) return LOG_START;
  const { number, first, events } = batchOf(last);
  return { batch: number + 1, event: first + events.length };
}

function batchOf({ id, data }: Pick<StoredRecord, "id" | "data">): StoredBatch {
  const { first, events } = data as BatchData;
  return { number: Number(id), first, events: unpacked(events) };
}
