import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { Mounted } from "@outlet/testing";

/** Serves a listener on a free port of this machine, with the API at `path`. */
export async function listen(listener: RequestListener, onClose: () => Promise<void>, path = "/v1"): Promise<Mounted> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseURL: `http://127.0.0.1:${port}${path}`,
    async close() {
      await onClose();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
