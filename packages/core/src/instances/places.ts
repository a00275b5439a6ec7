import type { Awaitable } from "../awaitable.ts";
import { requestAborted } from "../errors/catalogue.ts";
import type { AbortListener, AbortTarget } from "../http/cancellation.ts";

/** Who is let in first of those that wait. */
export const RANKS = { priority: 0, normal: 1, flex: 2 } as const;
export type Rank = keyof typeof RANKS;

export interface Waiting {
  readonly rank: Rank;
  /** Nobody waits any more for a call that is gone. */
  readonly cancellation: AbortTarget;
  /** Waits however long it takes, and however many do. */
  readonly patient: boolean;
}

/** So many places, and a queue for them. */
export interface Places {
  readonly taken: number;
  readonly waiting: number;
  /**
   * True when a place was taken, false when there is none in time. Whoever waits is let in by rank, then in the order of arrival.
   * @throws ApiError 499 when the call is gone first
   */
  take(waiting: Waiting): Awaitable<boolean>;
  /** Gives a place back. */
  free(): void;
}

interface Waiter {
  settle(admitted: boolean): void;
}

export function createPlaces(most: number, { size, deadlineMs }: { size: number; deadlineMs: number }): Places {
  const queues: Set<Waiter>[] = Object.values(RANKS).map(() => new Set());
  let taken = 0;
  let waiting = 0;

  function wait({ rank, cancellation, patient }: Waiting): Promise<boolean> {
    const queue = queues[RANKS[rank]] as Set<Waiter>;
    return new Promise((resolve, reject) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const leave = () => {
        queue.delete(waiter);
        waiting -= 1;
        clearTimeout(timer);
        cancellation.removeEventListener("abort", gone);
      };
      const waiter: Waiter = {
        settle(admitted) {
          leave();
          resolve(admitted);
        },
      };
      const gone: AbortListener = {
        handleEvent() {
          leave();
          reject(requestAborted());
        },
      };
      queue.add(waiter);
      waiting += 1;
      cancellation.addEventListener("abort", gone);
      if (!patient) timer = setTimeout(() => waiter.settle(false), deadlineMs);
    });
  }

  return {
    get taken() {
      return taken;
    },
    get waiting() {
      return waiting;
    },
    take(call) {
      if (call.cancellation.aborted) throw requestAborted();
      if (taken < most) {
        taken += 1;
        return true;
      }
      if (!call.patient && (waiting >= size || deadlineMs === 0)) return false;
      return wait(call);
    },
    free() {
      for (const queue of queues) {
        for (const waiter of queue) {
          // The place goes on to the next, and stays taken.
          waiter.settle(true);
          return;
        }
      }
      taken -= 1;
    },
  };
}
