import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { nodeListener } from "@outlet/core/node";
import type { MockServerOptions } from "./mock.options.ts";
import { createMock, type Mock } from "./mock.ts";

/** A mock that listens. `await using mock = await createMockServer()` closes it at the end of the block. */
export interface MockServer extends Mock, AsyncDisposable {
  /** Base URL for SDKs, `/v1` included. */
  readonly url: string;
  readonly port: number;
  /** Ends what is under way and stops listening. */
  close(): Promise<void>;
}

/**
 * Starts a mock server.
 * @throws the system's error when the port cannot be had (`EADDRINUSE`, …); TypeError when a rule is not one
 */
export async function createMockServer(options: MockServerOptions = {}): Promise<MockServer> {
  const { port = 0, host = "127.0.0.1", ...mockOptions } = options;
  const mock = createMock(mockOptions);
  const server = createServer(nodeListener(mock.outlet));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const close = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    await mock.close();
    server.closeAllConnections();
    await closed;
  };
  return {
    ...mock,
    url: `http://${urlHost(host, address)}:${address.port}/v1`,
    port: address.port,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** An address that listens on all interfaces is reached under this machine's own. */
function urlHost(host: string, { family }: AddressInfo): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return family === "IPv6" && host.includes(":") ? `[${host}]` : host;
}
