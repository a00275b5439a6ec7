import type { Running } from "../fleet.ts";
import { type Connection, openConnection } from "./connection.ts";

interface Loop {
  /** Milliseconds between the first requests of one connection and the next. */
  staggerMs?: number;
}

/** Requests over `connections` connections, each sending its next as soon as it has its reply, until `next` has no more. */
export function closedLoop(
  port: number,
  connections: number,
  next: () => Buffer | null,
  loop: Loop = {},
): Promise<number> {
  return withConnections(port, connections, (open) => drive(open, next, loop));
}

export interface Measured {
  replies: number;
  seconds: number;
  /** CPU time of the server's process, all its threads. */
  cpuSeconds: number;
}

/**
 * The same, measured from when connections are open on both sides of the server and its code and data are where it runs: first each
 * connection sends `leadIn` twice. To close the connections is not in it either.
 */
export function measuredLoop(
  server: Running,
  connections: number,
  leadIn: Buffer,
  next: () => () => Buffer | null,
  loop: Loop = {},
): Promise<Measured> {
  return withConnections(server.port, connections, async (open) => {
    await drive(open, times(2 * connections, leadIn));
    const before = await server.vitals();
    const began = performance.now();
    const replies = await drive(open, next(), loop);
    const seconds = (performance.now() - began) / 1000;
    const cpuSeconds = ((await server.vitals()).cpuMicros - before.cpuMicros) / 1e6;
    return { replies, seconds, cpuSeconds };
  });
}

async function withConnections<Result>(
  port: number,
  count: number,
  work: (open: Connection[]) => Promise<Result>,
): Promise<Result> {
  const open = await openMany(port, count);
  try {
    return await work(open);
  } finally {
    for (const connection of open) connection.destroy();
  }
}

async function drive(open: Connection[], next: () => Buffer | null, { staggerMs = 0 }: Loop = {}): Promise<number> {
  let replies = 0;
  const work = async (connection: Connection, index: number) => {
    if (staggerMs > 0) await new Promise((resolve) => setTimeout(resolve, index * staggerMs));
    for (let request = next(); request !== null; request = next()) {
      expectOk(await connection.send(request));
      replies++;
    }
  };
  await Promise.all(open.map(work));
  return replies;
}

/** Opens connections a hundred at a time: more would overflow the queue of a server that listens with the default. */
export async function openMany(port: number, count: number): Promise<Connection[]> {
  const open: Connection[] = [];
  while (open.length < count) {
    const batch = Math.min(100, count - open.length);
    open.push(...(await Promise.all(Array.from({ length: batch }, () => openConnection(port)))));
  }
  return open;
}

export function expectOk(status: number): void {
  if (status !== 200) throw new Error(`a reply had status ${status}`);
}

/** Hands out the same request until the time is over, or so many times. */
export function forSeconds(seconds: number, request: Buffer, atMost = Number.POSITIVE_INFINITY): () => Buffer | null {
  const end = performance.now() + seconds * 1000;
  let left = atMost;
  return () => (left-- > 0 && performance.now() < end ? request : null);
}

/** Hands out the same request so many times. */
export function times(count: number, request: Buffer): () => Buffer | null {
  let left = count;
  return () => (left-- > 0 ? request : null);
}

/** Hands out as many as `next` does, but these in turns. */
export function inTurns(requests: readonly Buffer[], next: () => Buffer | null): () => Buffer | null {
  let turn = 0;
  return () => (next() === null ? null : (requests[turn++ % requests.length] as Buffer));
}
