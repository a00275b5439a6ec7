import type { Exchange, Reply, SettledCall } from "@outlet/core";
import type { RecordedCall } from "./recorded-call.ts";
import { RecordedExchange } from "./recorded-exchange.ts";

export interface Recorder {
  readonly calls: RecordedCall[];
  /** Writes a request down, and gives back the exchange to handle in its place. */
  begin(exchange: Exchange): RecordedExchange;
  /** Joins the record with the reply's settled record. */
  answered(exchange: RecordedExchange, reply: Reply): void;
  /** For `onSettle`. */
  settle(call: SettledCall): void;
  clear(): void;
}

/** @param limit calls kept; the oldest go first */
export function createRecorder(limit: number, onCall: ((call: RecordedCall) => void) | undefined): Recorder {
  const calls: RecordedCall[] = [];
  // A call settles before its reply is handed over, or for a stream after that; both sides know the request's id.
  // Those that settle first wait for a few turns of the queue only, so they are few: a list leaves no tables behind.
  const early: SettledCall[] = [];
  const waiting = new Map<string, RecordedExchange>();

  function takeEarly(id: string): SettledCall | undefined {
    // The last one, nearly always.
    if (early.at(-1)?.requestId === id) return early.pop();
    const at = early.findIndex(({ requestId }) => requestId === id);
    return at < 0 ? undefined : early.splice(at, 1)[0];
  }

  function end({ call, underWay }: RecordedExchange, settled: SettledCall): void {
    call.end(settled, underWay.rule, underWay.cut);
    onCall?.(call);
  }

  return {
    calls,
    begin(original) {
      const exchange = new RecordedExchange(original);
      calls.push(exchange.call);
      if (calls.length > limit) calls.shift();
      return exchange;
    },
    answered(exchange, { headers }) {
      const id = headers["x-request-id"] ?? "";
      const settled = takeEarly(id);
      if (settled) end(exchange, settled);
      else waiting.set(id, exchange);
    },
    settle(settled) {
      const exchange = waiting.get(settled.requestId);
      if (!exchange) {
        early.push(settled);
        return;
      }
      waiting.delete(settled.requestId);
      end(exchange, settled);
    },
    clear: () => void calls.splice(0),
  };
}
