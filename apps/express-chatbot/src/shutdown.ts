interface Closable {
  close(): Promise<void>;
}

/** On Ctrl-C or a `kill`: closes all, in order, and ends the process well. A second signal ends it at once. */
export function closeOnSignal(closables: readonly Closable[]): void {
  const close = async () => {
    process.once("SIGINT", () => process.exit(130));
    for (const closable of closables) await closable.close();
    process.exit(0);
  };
  process.once("SIGINT", close);
  process.once("SIGTERM", close);
}
