import { type Connection, openConnection } from "./connection.ts";

/** Requests over `connections` connections, each sending its next as soon as it has its reply, until `next` has no more. */
export async function closedLoop(
  port: number,
  connections: number,
  next: () => Buffer | null,
  { staggerMs = 0 }: { staggerMs?: number } = {},
): Promise<number> {
  const open = await openMany(port, connections);
  let replies = 0;
  const work = async (connection: Connection, index: number) => {
    if (staggerMs > 0) await new Promise((resolve) => setTimeout(resolve, index * staggerMs));
    for (let request = next(); request !== null; request = next()) {
      expectOk(await connection.send(request));
      replies++;
    }
  };
  try {
    await Promise.all(open.map(work));
  } finally {
    for (const connection of open) connection.destroy();
  }
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

/** Hands out the same request until the time is over. */
export function forSeconds(seconds: number, request: Buffer): () => Buffer | null {
  const end = performance.now() + seconds * 1000;
  return () => (performance.now() < end ? request : null);
}

/** Hands out the same request so many times. */
export function times(count: number, request: Buffer): () => Buffer | null {
  let left = count;
  return () => (left-- > 0 ? request : null);
}
