import { type Exchange, isByteStream, isPushed, type Reply } from "../http/exchange.ts";
import type { NodeResponse } from "./types.ts";
import { writeIterated } from "./write-iterated.ts";
import { writePushed } from "./write-pushed.ts";

/** Node's own, reached without an import so that core stays free of `node:`. */
declare const Buffer: { byteLength(text: string): number };

/**
 * Writes a reply to Node's response, with backpressure; resolves when the last byte is handed over or the
 * client has left. Rejects when not even the head can be written, such as with a header of the host's that is none.
 */
export async function writeReply(res: NodeResponse, reply: Reply, exchange: Exchange): Promise<void> {
  const { body } = reply;
  if (!isByteStream(body)) return writeWhole(res, reply, body, exchange);
  return isPushed(body) ? writePushed(res, reply, body, exchange) : writeIterated(res, reply, body, exchange);
}

/** The same for a reply that is there already: nothing to wait for. */
export function writeWhole(
  res: NodeResponse,
  reply: Reply,
  body: string | Uint8Array | null,
  exchange: Exchange,
): void {
  if (exchange.cancellation.aborted || res.destroyed) return;
  // Text stays text: Node then sends head and body in one write.
  const length = typeof body === "string" ? Buffer.byteLength(body) : (body?.length ?? 0);
  res.writeHead(reply.status, { ...reply.headers, "content-length": String(length) });
  res.end(body ?? undefined);
}
