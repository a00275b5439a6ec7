import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
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
  const { port = 0, host = "127.0.0.1", cors = true, ...mockOptions } = options;
  const mock = createMock(mockOptions);
  const answer = nodeListener(mock.outlet);
  const server = createServer((req, res) => {
    if (!cors || !answeredPreflight(req, res)) answer(req, res);
  });
  // Clients keep connections open; one that closes just as it is used again would be a failure that no script asked for.
  server.keepAliveTimeout = 65_000;
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

/** Lets pages of any origin in, and answers what browsers ask beforehand; true when that was all. */
function answeredPreflight({ method, headers }: IncomingMessage, res: ServerResponse): boolean {
  if (headers.origin === undefined) return false;
  res.setHeader("access-control-allow-origin", "*");
  res.setHeader("access-control-expose-headers", "*");
  if (method !== "OPTIONS") return false;
  res.writeHead(204, {
    "access-control-allow-methods": "GET, POST, DELETE",
    "access-control-allow-headers": headers["access-control-request-headers"] ?? "*",
    "access-control-max-age": "600",
  });
  res.end();
  return true;
}

/** An address that listens on all interfaces is reached under this machine's own. */
function urlHost(host: string, { family }: AddressInfo): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return family === "IPv6" && host.includes(":") ? `[${host}]` : host;
}
