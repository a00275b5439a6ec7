import type { Logger } from "../engine/engine.ts";
import { unixSeconds } from "../ids.ts";
import { unrefed } from "../jobs/timer.ts";
import type { Change, RecordKey, Store } from "../store/store.ts";

/** Erases what has expired. Of the processes that share a store, one does so at a time. */
export interface Eraser {
  /** The store, watched: where no clock goes on between requests, what is stored has what has expired erased. */
  readonly store: Store;
  start(): void;
  /** Begins nothing more, and waits for what is under way. */
  close(): Promise<void>;
}

interface EraserContext {
  readonly store: Store;
  readonly logger: Logger;
  readonly waitUntil: ((work: Promise<unknown>) => void) | undefined;
}

const LOOK_MS = 60_000;
/** Whose turn it is to erase: for a little less than the time between two looks, so that the same process may have the next one. */
const TURN_MS = 55_000;
const TURN: RecordKey = { collection: "retention.turn", owner: "outlet", id: "default" };
/** How long who has begun to read something before it expired may go on, and clocks of processes may differ. */
const GRACE_SECONDS = 60;

export function createEraser({ store, logger, waitUntil }: EraserContext): Eraser {
  let timer: ReturnType<typeof setInterval> | undefined;
  let erasing: Promise<void> | null = null;
  let lookedAt = 0;
  let started = false;
  let closed = false;

  function look(): Promise<void> {
    lookedAt = Date.now();
    erasing ??= erase().finally(() => {
      erasing = null;
    });
    return erasing;
  }

  async function erase(): Promise<void> {
    try {
      const now = Date.now();
      if (await takesTurn(now)) await eraseUntil(now + TURN_MS);
    } catch (error) {
      logger.warn({ error }, "What has expired could not be erased; it is tried again.");
    }
  }

  async function takesTurn(now: number): Promise<boolean> {
    const until = now + TURN_MS;
    if (await store.claim(TURN.collection, now, until)) return true;
    const turn = await store.get(TURN);
    // Nobody has had one yet.
    if (!turn) return store.write([{ insert: { ...TURN, createdAt: unixSeconds(), dueAt: until, data: null } }]);
    // No turn takes that long: it was taken by a clock that was ahead, and would keep everybody from erasing until then.
    const isAhead = turn.dueAt !== null && turn.dueAt > until + TURN_MS;
    return isAhead && store.write([{ replace: { ...TURN, version: turn.version, dueAt: until } }]);
  }

  async function eraseUntil(end: number): Promise<void> {
    while (!closed && Date.now() < end) {
      const start = performance.now();
      if ((await store.expire(unixSeconds() - GRACE_SECONDS)) === 0) return;
      // As long as it worked, it lets others work.
      const pause = performance.now() - start;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  return {
    store: waitUntil
      ? {
          ...store,
          async write(changes) {
            const written = await store.write(changes);
            const isTime = started && !closed && Date.now() - lookedAt >= LOOK_MS;
            if (isTime && changes.some(expires)) waitUntil(look());
            return written;
          },
        }
      : store,
    start() {
      started = true;
      if (!waitUntil) timer = unrefed(setInterval(look, LOOK_MS));
    },
    async close() {
      closed = true;
      clearInterval(timer);
      await erasing;
    },
  };
}

function expires(change: Change): boolean {
  const record = "insert" in change ? change.insert : "replace" in change ? change.replace : null;
  return typeof record?.expiresAt === "number";
}
