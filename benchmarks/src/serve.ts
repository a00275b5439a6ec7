import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Listens, tells the parent the port, and answers its question for the CPU time used so far, in microseconds. */
export function serve(server: Server): void {
  server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
  process.on("message", () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuMicros: user + system });
  });
  process.on("disconnect", () => process.exit());
}

export const upstreamOrigin = process.env.UPSTREAM ?? "http://127.0.0.1:1";
