/** A timer that keeps no process alive, on runtimes where one would. */
export function unrefed<Timer>(timer: Timer): Timer {
  (timer as { unref?: () => void }).unref?.();
  return timer;
}

export interface Alarm {
  /** Rings at this time, Unix milliseconds, or before, where it was set to before. */
  set(at: number): void;
  clear(): void;
}

/** Rings once, at the earliest time that it was set to since it last rang. */
export function createAlarm(ring: () => void): Alarm {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let due = Number.POSITIVE_INFINITY;

  function clear(): void {
    clearTimeout(timer);
    due = Number.POSITIVE_INFINITY;
  }

  return {
    clear,
    set(at) {
      if (at >= due) return;
      clear();
      due = at;
      // Timers may be early by a part of a millisecond, and cannot be longer than 31 bits.
      const wait = Math.min(Math.max(at - Date.now() + 1, 0), 2 ** 31 - 1);
      timer = unrefed(
        setTimeout(() => {
          clear();
          ring();
        }, wait),
      );
    },
  };
}
