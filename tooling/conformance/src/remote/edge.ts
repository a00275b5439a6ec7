import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/**
 * Stands where a platform's edge stands: hands bytes on, and resets the connection behind it when a client leaves. A server
 * cannot tell a client that has left from one that has only said all it has to say; a reset it can.
 */
export async function startEdge(port: number): Promise<{ port: number; close: () => void }> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const origin = connect(port, "127.0.0.1");
    for (const socket of [client, origin]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => sockets.delete(socket));
    }
    client.pipe(origin, { end: false });
    origin.pipe(client);
    client.on("end", () => {
      // A connection that its own end is closing cannot be reset any more.
      if (!origin.writableEnded) origin.resetAndDestroy();
    });
    origin.on("close", () => client.destroySoon());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
