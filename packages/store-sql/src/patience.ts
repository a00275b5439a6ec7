const RETRY_MS = 5;
/** Milliseconds that what is asked of a database waits for other processes that write to it. */
export const BUSY_MS = 5_000;

/**
 * Tries again while another process holds the write lock, without keeping this one from serving meanwhile.
 * Rejects with the last error after `forMs`.
 */
export async function patiently<T>(
  work: () => Promise<T>,
  isBusy: (error: unknown) => boolean,
  forMs: number,
): Promise<T> {
  const deadline = performance.now() + forMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
