import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Mounted } from "../cell.ts";
import type { EngineCall } from "./scripted-engines.ts";
import { within } from "./within.ts";

/** A client that is going to leave, and how soon its engine's calls are stopped then. */
export interface Departure {
  /** Goes with the request, so that its server's noticing can be told from others'. */
  readonly headers: Readonly<Record<string, string>>;
  /** To be called when the client is about to leave. */
  begin(): void;
  /** Waits until the call's signal has aborted; the milliseconds from the server's noticing until then. */
  stoppedAfterMs(call: EngineCall): Promise<number>;
}

export interface Departures {
  announce(): Departure;
  close(): void;
}

const HEADER = "x-conformance-departure";
/** Node's own, published for every request of every server in this process before its handlers run. */
const CHANNEL = "http.server.request.start";

let announced = 0;

/**
 * Watches when servers notice that a client has left: those of Node in this process by themselves, those in another
 * process by what the cell says. Where neither is to be had (in process, without a server), it is when the client leaves.
 */
export function watchDepartures(stoppedAfterMs: Mounted["stoppedAfterMs"]): Departures {
  const awaited = new Set<string>();
  const noticedAt = new Map<string, number>();

  const onRequest = (message: unknown) => {
    const { request, response, socket } = message as Record<"response" | "socket", EventEmitter> & {
      request: IncomingMessage;
    };
    const id = String(request.headers[HEADER]);
    if (!awaited.has(id)) return;
    let noticed = false;
    const notice = () => {
      if (!noticed) noticedAt.set(id, performance.now());
      noticed = true;
    };
    // The first sign counts, before anyone else hears of it.
    socket.once("close", notice);
    response.once("close", notice);
  };
  subscribe(CHANNEL, onRequest);

  return {
    announce() {
      announced += 1;
      const id = String(announced);
      awaited.add(id);
      let leftAt = 0;
      return {
        headers: { [HEADER]: id },
        begin() {
          leftAt = performance.now();
        },
        async stoppedAfterMs(call) {
          const stoppedAt = await within("the abort of the engine's signal", call.stopped);
          if (stoppedAfterMs) return within("word of the engine's abort", stoppedAfterMs(call.requestId));
          return stoppedAt - (noticedAt.get(id) ?? leftAt);
        },
      };
    },
    close: () => void unsubscribe(CHANNEL, onRequest),
  };
}
