interface Closable {
  close(): Promise<void>;
}

/**
 * On Ctrl-C or a `kill`: closes all, in order, and ends the process well. Further signals change nothing: runners such as
 * npm pass on a Ctrl-C that the terminal has sent to everyone already.
 * @returns a signal that aborts when the closing begins
 */
export function closeOnSignal(closables: readonly Closable[]): AbortSignal {
  const closing = new AbortController();
  const close = async () => {
    if (closing.signal.aborted) return;
    closing.abort();
    for (const closable of closables) await closable.close();
    process.exit(0);
  };
  process.on("SIGINT", close);
  process.on("SIGTERM", close);
  return closing.signal;
}
