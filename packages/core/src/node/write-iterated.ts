import type { ByteStream, Exchange, Reply } from "../http/exchange.ts";
import type { NodeResponse } from "./types.ts";

/** Node's own, reached without an import so that core stays free of `node:`. */
declare const process: { nextTick(callback: () => void): void };

/** Text that may pile up within one tick before it is written. */
const BATCH_LENGTH = 16_384;

/** Writes a stream by asking it for one piece after the other. */
export async function writeIterated(
  res: NodeResponse,
  reply: Reply,
  body: ByteStream,
  exchange: Exchange,
): Promise<void> {
  const iterator = body[Symbol.asyncIterator]();
  const text = textBatch(res);
  try {
    if (exchange.cancellation.aborted || res.destroyed) return;
    res.writeHead(reply.status, reply.headers);
    text.begin();
    for (let piece = await iterator.next(); !piece.done; piece = await iterator.next()) {
      if (exchange.cancellation.aborted || res.destroyed) return;
      if (typeof piece.value === "string") text.add(piece.value);
      else {
        text.flush();
        write(res, piece.value);
      }
      if (res.writableNeedDrain) await drained(res);
    }
    text.flush();
    if (exchange.cancellation.aborted) res.destroy();
    else res.end();
  } catch (error) {
    if (!res.headersSent) throw error;
    // The pipeline turns failures into events; what still throws here can only be told by breaking off.
    res.destroy();
  } finally {
    await iterator.return?.();
  }
}

interface TextBatch {
  /** The head leaves with the first piece, or alone at the end of this tick. */
  begin(): void;
  add(piece: string): void;
  flush(): void;
}

/**
 * Joins the pieces that an engine gives within one tick: a burst of small events becomes one chunk, and an event that comes
 * alone leaves at the end of its own tick, no later than Node would have sent it.
 */
function textBatch(res: NodeResponse): TextBatch {
  let held = "";
  let begun = false;
  let scheduled = false;
  const flush = () => {
    scheduled = false;
    begun = true;
    const text = held;
    held = "";
    if (text !== "" && !res.destroyed) write(res, text);
  };
  const atEndOfTick = () => {
    if (!begun && held === "" && !res.destroyed) res.flushHeaders();
    flush();
  };
  const schedule = (work: () => void) => {
    if (scheduled) return;
    scheduled = true;
    process.nextTick(work);
  };
  return {
    begin: () => schedule(atEndOfTick),
    flush,
    add(piece) {
      held += piece;
      if (held.length >= BATCH_LENGTH) flush();
      else schedule(flush);
    },
  };
}

function write(res: NodeResponse, piece: string | Uint8Array): void {
  res.write(piece);
  res.flush?.();
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
