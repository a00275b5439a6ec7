import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";
import { createClient } from "@redis/client";

/** The Redis that tests may use. */
export const url = process.env.OUTLET_TEST_REDIS_URL ?? "redis://127.0.0.1:6379";
/** Whether it answers. In CI it must. */
export const there = await reachable();
if (!there && process.env.CI === "true") throw new Error(`no Redis answers at ${url}`);
if (!there) console.warn(`skipped: no Redis answers at ${url}; OUTLET_TEST_REDIS_URL names another`);

async function reachable(): Promise<boolean> {
  const client = createClient({ url, socket: { reconnectStrategy: false, connectTimeout: 10_000 } });
  client.on("error", () => {});
  try {
    await client.connect();
    client.destroy();
    return true;
  } catch {
    return false;
  }
}

/** A way to Redis that can be cut. */
export async function proxyTo(target: string) {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let open = true;
  const server = createServer((client) => {
    if (!open) return client.destroy();
    const upstream = connect(Number(port || 6379), hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on("error", () => {});
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = () => {
    open = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    mend: () => {
      open = true;
    },
    /** Takes what is sent, and answers nothing. */
    hold: () => {
      for (const socket of sockets) socket.unpipe();
    },
    close() {
      cut();
      server.close();
    },
  };
}
