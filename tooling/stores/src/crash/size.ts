/**
 * How much a crash test does: `full` with `run crash`; `small` among all other tests, since every kill is followed by a process
 * that starts. Where two processes share the work, one is sure to be killed as long as none may print more than half of all lines.
 */
export function sized(full: number, small: number): number {
  return process.env.OUTLET_CRASH === "full" ? full : small;
}
