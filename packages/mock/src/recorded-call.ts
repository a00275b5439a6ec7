import type { Exchange, MeteredUsage, SettledCall } from "@outlet/core";
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

const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/**
 * A class for its accessors: in a literal made for every request they would keep the request alive. What a call keeps is
 * small, because a thousand calls are kept: the body as bytes, and the host's own headers, both made readable when asked for.
 */
export class CallRecord implements RecordedCall {
  operation: RecordedCall["operation"] = null;
  readonly method: string;
  readonly path: string;
  model: RecordedCall["model"] = null;
  readonly at = new Date();
  rule: RecordedCall["rule"] = null;
  status: RecordedCall["status"] = null;
  outcome: RecordedCall["outcome"] = "pending";
  aborted = false;
  durationMs: RecordedCall["durationMs"] = null;
  usage: RecordedCall["usage"] = null;
  readonly #sentHeaders: unknown;
  #headers: Record<string, string> | undefined;
  #bytes: Uint8Array | undefined;
  #body: Partial<MockRequest> | undefined;
  #ended: PromiseWithResolvers<void> | undefined;

  constructor({ method, originalPath, body, host }: Exchange) {
    this.method = method;
    this.path = originalPath;
    this.#sentHeaders = (host as { headers?: unknown } | null)?.headers;
    if (body.taken) this.#body = body.parsed as Partial<MockRequest> | undefined;
  }

  get body(): Partial<MockRequest> {
    this.#body ??= this.#bytes && parsedBody(this.#bytes);
    return this.#body ?? {};
  }

  get headers(): Readonly<Record<string, string>> {
    this.#headers ??= withoutSecrets(this.#sentHeaders);
    return this.#headers;
  }

  get ended(): Promise<void> {
    if (!this.#ended) {
      this.#ended = Promise.withResolvers<void>();
      if (this.outcome !== "pending") this.#ended.resolve();
    }
    return this.#ended.promise;
  }

  /** Keeps the body as it was read. */
  keep(bytes: Uint8Array): void {
    this.#bytes = bytes;
  }

  end(settled: SettledCall, rule: string | null, cut: boolean): void {
    this.operation = settled.operationId;
    this.model = settled.model;
    this.status = settled.outcome === "cancelled" && settled.status !== 200 ? 499 : settled.status;
    this.outcome = cut ? "cut" : settled.outcome;
    this.aborted = this.outcome === "cancelled";
    this.durationMs = settled.durationMs;
    this.usage = settled.usage;
    this.rule = rule;
    this.#ended?.resolve();
  }

  /** `JSON.stringify(mock.calls)` and `console.log(mock.calls)` show what is behind the accessors, too. */
  toJSON(): object {
    return { ...this, headers: this.headers, body: this.body };
  }

  [INSPECT](): object {
    return this.toJSON();
  }
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
function withoutSecrets(headers: unknown): Record<string, string> {
  const entries =
    headers instanceof Headers ? [...headers] : Object.entries((headers ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name.toLowerCase(),
      SECRETS.has(name.toLowerCase()) ? "[redacted]" : Array.isArray(value) ? value.join(", ") : String(value),
    ]),
  );
}
