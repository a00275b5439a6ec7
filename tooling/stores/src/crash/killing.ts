import type { Place } from "../databases.ts";
import { startProgram } from "./program.ts";
import { sized } from "./size.ts";

const PROCESSES = 2;
/** Times that each of them is killed at most. */
const MOST_KILLS = sized(Number.POSITIVE_INFINITY, 2);
/** Lines that one may print after the one that it is killed for; with the last it kills itself. A busy machine reads too late. */
export const GRACE_LINES = 2;

/**
 * Has two processes run a fixture, each killed when it has printed between 1 and `mostLines` lines, at random, and started again
 * until it finds nothing left to do.
 * @returns how many were killed
 */
export async function workAndKill(fixture: string, place: Place, mostLines: number): Promise<number> {
  const kills = await Promise.all(Array.from({ length: PROCESSES }, () => untilDone(fixture, place, mostLines)));
  return kills.reduce((sum, count) => sum + count, 0);
}

async function untilDone(fixture: string, place: Place, mostLines: number): Promise<number> {
  for (let kills = 0; ; kills += 1) {
    let left = kills < MOST_KILLS ? 1 + Math.floor(Math.random() * mostLines) : Number.POSITIVE_INFINITY;
    const program = startProgram(fixture, place, kills < MOST_KILLS ? left + GRACE_LINES : null);
    program.onLine(() => {
      left -= 1;
      if (left === 0) program.kill();
    });
    if ((await program.ended) === 0) return kills;
  }
}
