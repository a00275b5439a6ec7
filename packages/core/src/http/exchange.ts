/**
 * One request as the pipeline sees it, whatever server it came from. Adapters build it; nothing in it is
 * OpenAI-specific and nothing is computed before it is asked for.
 */
export interface Exchange {
  /** Upper-case HTTP method. */
  readonly method: string;
  /** Path below the mount point, without the query: `/chat/completions` or `/v1/chat/completions`. */
  readonly path: string;
  /** Raw query string without its `?`; empty when there is none. */
  readonly search: string;
  /** Path as the client sent it, mount point included; for messages and links. */
  readonly originalPath: string;
  /** A request header by its lower-case name; repeated headers are joined with `, `. */
  header(name: string): string | undefined;
  readonly body: RequestBody;
  /** Aborts when the client has gone away, or after `cancel()`. */
  readonly signal: AbortSignal;
  /** Stops the work for this request; the outlet calls it when it closes. */
  cancel(): void;
  /** The framework's own request or context (Express `req`, Hono `c`), for `authenticate`. */
  readonly host: unknown;
}

/** A request body that can be read once. */
export interface RequestBody {
  /** True when the host's own middleware has read the body: what there is of it is decoded already. */
  readonly taken: boolean;
  /** What the host's own parser (`express.json()`, Fastify) made of the body, when it already consumed it. */
  readonly parsed?: unknown;
  /** The whole body. Rejects with a 413 `ApiError` as soon as more than `limit` bytes are announced or read. */
  bytes(limit: number): Promise<Uint8Array>;
  /** The body in chunks as they arrive; for multipart. */
  stream(): AsyncIterable<Uint8Array>;
}

export type ByteStream = AsyncIterable<string | Uint8Array>;

/** One answer, before a codec writes it to a server's own response. */
export interface Reply {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Record<string, string>;
  /** Strings are UTF-8. An iterable is closed with `return()` when the client leaves. */
  readonly body: string | Uint8Array | ByteStream | null;
}

export function isByteStream(body: Reply["body"]): body is ByteStream {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
}
