import { getEventListeners } from "node:events";
import type { Server } from "node:net";
import { expect } from "vitest";

/** What a request could leave behind, counted. */
export interface Counts {
  resources: Record<string, number>;
  processListeners: number;
}

export function counts(): Counts {
  const resources: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1;
  const processListeners = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
  return { resources, processListeners };
}

/** Waits a second at most for what should be gone to be gone: no more of anything than there was before. */
export async function expectNothingLeft(before: Counts, signals: readonly AbortSignal[], servers: readonly Server[]) {
  const began = performance.now();
  let left = await leftOver(before, servers);
  while (left.length > 0 && performance.now() - began < 1_000) {
    await new Promise((resolve) => setImmediate(resolve));
    left = await leftOver(before, servers);
  }
  expect(left).toEqual([]);
  expect(signals.flatMap((signal) => getEventListeners(signal, "abort"))).toEqual([]);
}

async function leftOver(before: Counts, servers: readonly Server[]): Promise<string[]> {
  const now = counts();
  const left = Object.keys(now.resources).filter(
    (name) => (now.resources[name] ?? 0) > Math.max(before.resources[name] ?? 0, ALLOWED[name] ?? 0),
  );
  if (now.processListeners > before.processListeners) left.push("listeners on process");
  for (const server of servers) {
    const open = await new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));
    if (open > 0) left.push(`${open} connections`);
  }
  return left;
}

/** The runner's own: the timeout of the test, its pipe to the parent, the immediate that waits here. */
const ALLOWED: Readonly<Record<string, number>> = { Timeout: 1, Immediate: 1 };
