import type { Exchange, MeteredUsage, Reply, RequestBody, SettledCall } from "@outlet/core";
import { announce, type RequestUnderWay } from "./requests-under-way.ts";
import type { MockRequest } from "./script/rule.types.ts";

/** A request that the mock received, and how it went. */
export interface RecordedCall {
  /** The API reference's operation id; null for a path that is none, and until it is known. */
  readonly operation: string | null;
  readonly method: string;
  /** Path as the client sent it. */
  readonly path: string;
  /** The body as the client sent it, parsed; empty when there was none or it is no JSON object. */
  readonly body: Partial<MockRequest>;
  /** Lower-case names. Values of headers that carry secrets are replaced by `[redacted]`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly model: string | null;
  /** When it arrived. */
  readonly at: Date;
  /** Name of the rule that answered; null for a default answer. */
  readonly rule: string | null;
  /** HTTP status; null until it is known; 499 when the client left first. */
  readonly status: number | null;
  /** `failed`: an error, in whatever form. `cancelled`: the client left. `cut`: a script cut the connection. */
  readonly outcome: "pending" | "completed" | "failed" | "cancelled" | "cut";
  /** True when the client left before the answer was complete. */
  readonly aborted: boolean;
  /** Milliseconds from arrival to end; null until then. */
  readonly durationMs: number | null;
  readonly usage: MeteredUsage | null;
  /** Resolves when the call has ended, however it did. */
  readonly ended: Promise<void>;
}

export interface Recorder {
  readonly calls: RecordedCall[];
  /** Writes a request down, and gives back the exchange to handle in its place. */
  begin(exchange: Exchange): Begun;
  /** For `onSettle`. */
  settle(call: SettledCall): void;
  clear(): void;
}

export interface Begun {
  readonly exchange: Exchange;
  /** True when the answer will end in a cut connection. */
  readonly willCut: boolean;
  /** Joins the record with the reply's settled record. */
  answered(reply: Reply): void;
}

type Mutable = { -readonly [Key in keyof RecordedCall]: RecordedCall[Key] };

/** @param limit calls kept; the oldest go first */
export function createRecorder(limit: number, onCall: ((call: RecordedCall) => void) | undefined): Recorder {
  const calls: RecordedCall[] = [];
  // A call settles before its reply is handed over, or for a stream after that; both sides know the request's id.
  const early = new Map<string, SettledCall>();
  const waiting = new Map<string, Entry>();

  function end({ call, underWay, finish }: Entry, settled: SettledCall): void {
    call.operation = settled.operationId;
    call.model = settled.model;
    call.status = settled.outcome === "cancelled" && settled.status !== 200 ? 499 : settled.status;
    call.outcome = underWay.cut ? "cut" : settled.outcome;
    call.aborted = call.outcome === "cancelled";
    call.durationMs = settled.durationMs;
    call.usage = settled.usage;
    call.rule = underWay.rule;
    finish();
    onCall?.(call);
  }

  return {
    calls,
    begin(original) {
      const entry = entryOf(original);
      calls.push(entry.call);
      if (calls.length > limit) calls.shift();
      announce(original.signal, entry.underWay);
      return {
        exchange: entry.exchange,
        get willCut() {
          return entry.underWay.willCut;
        },
        answered({ headers }) {
          const id = headers["x-request-id"] ?? "";
          const settled = early.get(id);
          if (settled) {
            early.delete(id);
            end(entry, settled);
          } else waiting.set(id, entry);
        },
      };
    },
    settle(settled) {
      const entry = waiting.get(settled.requestId);
      if (!entry) {
        early.set(settled.requestId, settled);
        return;
      }
      waiting.delete(settled.requestId);
      end(entry, settled);
    },
    clear: () => void calls.splice(0),
  };
}

const INSPECT = Symbol.for("nodejs.util.inspect.custom");

interface Entry {
  readonly call: Mutable;
  readonly exchange: Exchange;
  readonly underWay: RequestUnderWay;
  readonly finish: () => void;
}

function entryOf(original: Exchange): Entry {
  let raw: Uint8Array | undefined;
  let parsed: Partial<MockRequest> | undefined;
  let headers: Record<string, string> | undefined;
  let finished = false;
  let ended: PromiseWithResolvers<void> | undefined;

  const bodyOf = () => {
    if (raw) parsed ??= parsedBody(raw);
    return parsed ?? (original.body.parsed as Partial<MockRequest> | undefined) ?? {};
  };
  const headersOf = () => {
    headers ??= withoutSecrets(original.host);
    return headers;
  };
  const call: Mutable = {
    operation: null,
    method: original.method,
    path: original.originalPath,
    get body() {
      return bodyOf();
    },
    get headers() {
      return headersOf();
    },
    model: null,
    at: new Date(),
    rule: null,
    status: null,
    outcome: "pending",
    aborted: false,
    durationMs: null,
    usage: null,
    get ended() {
      if (!ended) {
        ended = Promise.withResolvers<void>();
        if (finished) ended.resolve();
      }
      return ended.promise;
    },
  };
  // `console.log(mock.calls)` should show values, not that there are getters.
  Object.defineProperty(call, INSPECT, { value: () => ({ ...call }) });
  const underWay: RequestUnderWay = {
    get headers() {
      return headersOf();
    },
    get body() {
      return bodyOf();
    },
    rule: null,
    willCut: false,
    cut: false,
  };
  // Everything is the original's but what is read of the body, which is kept.
  const body: RequestBody = Object.create(original.body, {
    bytes: {
      value: async (limit: number) => {
        raw = await original.body.bytes(limit);
        return raw;
      },
    },
  });
  const exchange: Exchange = Object.create(original, { body: { value: body } });
  const finish = () => {
    finished = true;
    ended?.resolve();
  };
  return { call, exchange, underWay, finish };
}

function parsedBody(raw: Uint8Array): Partial<MockRequest> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(raw));
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

const SECRETS = new Set(["authorization", "proxy-authorization", "cookie", "api-key", "x-api-key"]);

/** Headers of whatever the host's request is: Node's, Express's or the web's. */
function withoutSecrets(host: unknown): Record<string, string> {
  const headers = (host as { headers?: unknown } | null)?.headers;
  const entries =
    headers instanceof Headers ? [...headers] : Object.entries((headers ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name.toLowerCase(),
      SECRETS.has(name.toLowerCase()) ? "[redacted]" : Array.isArray(value) ? value.join(", ") : String(value),
    ]),
  );
}
