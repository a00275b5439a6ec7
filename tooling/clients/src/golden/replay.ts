import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Replay {
  /** With `/v1`. */
  readonly baseURL: string;
  close(): Promise<void>;
}

/** Bytes of a write: events arrive cut anywhere, also inside a character. */
const SLICE = 61;

/** A server that knows nothing but one recorded stream. */
export async function replay(stream: string): Promise<Replay> {
  const server = createServer(async (request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
    const bytes = Buffer.from(stream);
    for (let at = 0; at < bytes.length; at += SLICE) {
      await new Promise((sent) => response.write(bytes.subarray(at, at + SLICE), sent));
    }
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
