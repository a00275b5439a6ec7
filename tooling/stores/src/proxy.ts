import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** How a server can be away: connections are refused and those that there are end; they break; or nothing that is sent arrives. */
export type Away = "refuse" | "reset" | "hang";

/** A way to a server that can be cut off and opened again. */
export async function startProxy(target: URL) {
  const pairs = new Set<readonly [client: Socket, upstream: Socket]>();
  let away: Away | null = null;
  const server = createServer((client) => {
    if (away === "refuse") return void client.destroy();
    if (away === "reset") return void client.resetAndDestroy();
    const upstream = connect(Number(target.port || PORTS[target.protocol]), target.hostname);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    for (const socket of pair) {
      socket.on("error", () => {});
      socket.on("close", () => {
        pairs.delete(pair);
        for (const one of pair) one.destroy();
      });
    }
    if (away === null) join(pair);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const through = new URL(target);
  through.hostname = "127.0.0.1";
  through.port = String((server.address() as AddressInfo).port);

  async function endAll(end: (socket: Socket) => void): Promise<void> {
    const sockets = [...pairs].flat().filter((socket) => !socket.destroyed);
    const closed = sockets.map((socket) => once(socket, "close"));
    for (const socket of sockets) end(socket);
    await Promise.all(closed);
  }

  return {
    url: through.href,
    /** Resolves when what is to end has ended. */
    async cut(how: Away = "refuse"): Promise<void> {
      away = how;
      if (how === "hang") for (const pair of pairs) part(pair);
      else await endAll((socket) => (how === "reset" ? socket.resetAndDestroy() : socket.destroy()));
    },
    /** What was sent while it hung arrives. */
    restore(): void {
      if (away === "hang") for (const pair of pairs) join(pair);
      away = null;
    },
    close(): void {
      server.close();
      for (const socket of [...pairs].flat()) socket.destroy();
    },
  };
}

export type ServerProxy = Awaited<ReturnType<typeof startProxy>>;

const PORTS: Readonly<Record<string, number>> = { "postgres:": 5432, "postgresql:": 5432, "redis:": 6379 };

function join([client, upstream]: readonly [Socket, Socket]): void {
  client.pipe(upstream).pipe(client);
}

function part(pair: readonly [Socket, Socket]): void {
  for (const socket of pair) socket.unpipe().pause();
}
