import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { Mounted } from "@outlet/testing";

interface Served {
  /** Where the API is. Default: `/v1`. */
  readonly path?: string;
  /** Where the route of the host's own is, if there is one. */
  readonly ownRoute?: string;
}

/** Serves a listener on a free port of this machine. */
export async function listen(
  listener: RequestListener,
  onClose: () => Promise<void>,
  { path = "/v1", ownRoute }: Served = {},
): Promise<Mounted> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseURL: `http://127.0.0.1:${port}${path}`,
    ...(ownRoute !== undefined && { ownRoute: `http://127.0.0.1:${port}${ownRoute}` }),
    async close() {
      await onClose();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
