import { type ByteStream, type Exchange, isByteStream, type Reply } from "@outlet/core";
import { CONNECTION_CUT } from "./play/error-reply.ts";

/** Thrown through a reply's stream; a server has no way to send it, so it breaks the connection off. */
class ConnectionCut extends Error {
  override readonly name = "ConnectionCut";
}

const CUT_EVENT = `"code":"${CONNECTION_CUT}"`;

/** A stream that breaks off where core would have told of the cut in an error event. */
export function cutting(reply: Reply): Reply {
  if (!isByteStream(reply.body)) return reply;
  return { ...reply, body: brokenOff(reply.body) };
}

async function* brokenOff(stream: ByteStream): AsyncGenerator<string | Uint8Array> {
  for await (const piece of stream) {
    if (typeof piece === "string" && piece.includes(CUT_EVENT)) {
      // What was written before has to leave the process first.
      await new Promise((resolve) => setImmediate(resolve));
      throw new ConnectionCut("the script cuts the connection here");
    }
    yield piece;
  }
}

interface Socketed {
  socket?: { destroy?: () => void };
}

/** Breaks the connection off before anything was answered. */
export function cutUnanswered(exchange: Exchange): Reply {
  (exchange.host as Socketed | null)?.socket?.destroy?.();
  exchange.cancel();
  const body = {
    async *[Symbol.asyncIterator](): AsyncGenerator<string> {
      yield* [];
      throw new ConnectionCut("the script cuts the connection here");
    },
  };
  return { status: 200, headers: { "content-type": "application/json", [CONNECTION_CUT]: "unanswered" }, body };
}
