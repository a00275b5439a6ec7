import { type ByteStream, type Exchange, isByteStream, type Reply } from "../http/exchange.ts";
import type { NodeResponse } from "./types.ts";

const encoder = new TextEncoder();

/** Writes a reply to Node's response, with backpressure; resolves when the last byte is handed over or the client has left. */
export async function writeReply(res: NodeResponse, reply: Reply, exchange: Exchange): Promise<void> {
  const { body } = reply;
  if (isByteStream(body)) return writeStream(res, reply, body, exchange);
  if (exchange.signal.aborted || res.destroyed) return;
  const bytes = typeof body === "string" ? encoder.encode(body) : body;
  res.writeHead(reply.status, { ...reply.headers, "content-length": String(bytes?.length ?? 0) });
  res.end(bytes ?? undefined);
}

async function writeStream(res: NodeResponse, reply: Reply, body: ByteStream, exchange: Exchange): Promise<void> {
  const iterator = body[Symbol.asyncIterator]();
  try {
    if (exchange.signal.aborted || res.destroyed) return;
    res.writeHead(reply.status, reply.headers);
    res.flushHeaders();
    for (let piece = await iterator.next(); !piece.done; piece = await iterator.next()) {
      if (exchange.signal.aborted || res.destroyed) return;
      const flowing = res.write(piece.value);
      res.flush?.();
      if (!flowing) await drained(res);
    }
    if (exchange.signal.aborted) res.destroy();
    else res.end();
  } catch {
    // The pipeline turns failures into events; what still throws here can only be told by breaking off.
    res.destroy();
  } finally {
    await iterator.return?.();
  }
}

function drained(res: NodeResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      res.off("drain", done);
      res.off("close", done);
      resolve();
    };
    res.on("drain", done);
    res.on("close", done);
    if (res.destroyed) done();
  });
}
