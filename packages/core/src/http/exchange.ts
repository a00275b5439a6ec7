import type { Cancellation } from "./cancellation.ts";

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
  /** Tells that the client has gone away, or that `cancel()` was called. */
  readonly cancellation: Cancellation;
  /** The same as a signal of the platform's. */
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

/** Text stands for its UTF-8. */
export type Piece = string | Uint8Array;

export type ByteStream = AsyncIterable<Piece>;

/** A stream whose source pushes: iterated like any other, or read by a reader. Not both, and once. */
export interface PushedStream extends ByteStream, ByteSource {
  /** Pushes to `reader` from now on, beginning, before it returns, with what has arrived. */
  readWith(reader: ByteReader): void;
  /** Calls `listener` once: when the last byte is handed over, or when it is certain that it never will be. */
  onOver(listener: () => void): void;
}

/** What a stream is pushed to. After `end` or `fail`, or after it has left, nothing comes that it has to heed. */
export interface ByteReader {
  write(piece: Piece): void;
  end(): void;
  fail(error: unknown): void;
}

/** Where a stream comes from. */
export interface ByteSource {
  /** The reader is slow. What is on its way may still come. */
  pause(): void;
  resume(): void;
  /** The reader has left: stop. */
  leave(): void;
}

/** One answer, before a codec writes it to a server's own response. */
export interface Reply {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Record<string, string>;
  /** Strings are UTF-8. An iterable is closed with `return()` when the client leaves. */
  readonly body: string | Uint8Array | ByteStream | null;
}

export function isPushed(stream: ByteStream): stream is PushedStream {
  return "readWith" in stream;
}

export function isByteStream(body: Reply["body"]): body is ByteStream {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
}
