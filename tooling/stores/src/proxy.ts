import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to a server that can be cut off and opened again. */
export async function startProxy(target: URL) {
  const sockets = new Set<Socket>();
  let open = true;
  const server = createServer((client) => {
    if (!open) return void client.destroy();
    const upstream = connect(Number(target.port || 5432), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("close", () => {
        client.destroy();
        upstream.destroy();
      });
      socket.on("error", () => {});
    }
    client.pipe(upstream).pipe(client);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const through = new URL(target);
  through.hostname = "127.0.0.1";
  through.port = String((server.address() as AddressInfo).port);
  return {
    url: through.href,
    async cut() {
      open = false;
      const closed = [...sockets].map((socket) => (socket.destroyed ? null : once(socket, "close")));
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
      sockets.clear();
    },
    restore: () => {
      open = true;
    },
    close: () => server.close(),
  };
}
