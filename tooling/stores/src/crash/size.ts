/**
 * How much a crash test does: all of it with `npm run crash`, a quarter among all other tests, since every kill is followed by a
 * process that starts.
 */
export function sized(full: number): number {
  return process.env.OUTLET_CRASH === "full" ? full : Math.ceil(full / 4);
}
