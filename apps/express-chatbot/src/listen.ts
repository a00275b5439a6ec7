import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Listening {
  /** `http://127.0.0.1:3000` */
  readonly url: string;
  readonly port: number;
  /** Stops listening and ends the connections that are still open. */
  close(): Promise<void>;
}

/**
 * Listens; port 0 takes any free one.
 * @throws the system's error: `EADDRINUSE` when the port is taken.
 */
export async function listen(app: RequestListener, port: number, host = "127.0.0.1"): Promise<Listening> {
  const server = createServer(app);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return { url: `http://${name}:${address.port}`, port: address.port, close: () => close(server) };
}

/** The same, but a port that is taken is answered with another one. */
export async function listenNear(app: RequestListener, port: number, host?: string): Promise<Listening> {
  try {
    return await listen(app, port, host);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    return listen(app, 0, host);
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
