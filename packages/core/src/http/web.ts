import { ApiError } from "../errors/api-error.ts";
import { bodyTooLarge, requestAborted } from "../errors/catalogue.ts";
import { concatBytes, inOwnMemory } from "./bytes.ts";
import { Cancellation } from "./cancellation.ts";
import { type ByteStream, type Exchange, isByteStream, type Reply, type RequestBody } from "./exchange.ts";

type Handle = (exchange: Exchange) => Promise<Reply>;

export interface WebExchangeOptions {
  /** Path below the mount point; default: the request's own path. */
  path?: string;
  host?: unknown;
}

/** An exchange over a web `Request`: Workers, Bun, Deno, Hono, and the SDK in process. */
export function webExchange(request: Request, options: WebExchangeOptions = {}): Exchange {
  return new WebExchange(request, options);
}

/** A class for its prototype; see `NodeExchange`. */
class WebExchange implements Exchange {
  readonly method: string;
  readonly path: string;
  readonly search: string;
  readonly originalPath: string;
  readonly body: RequestBody;
  readonly cancellation = new Cancellation();
  readonly host: unknown;
  private readonly request: Request;

  constructor(request: Request, options: WebExchangeOptions) {
    const url = new URL(request.url);
    this.request = request;
    this.method = request.method;
    this.path = options.path ?? url.pathname;
    this.search = url.search.slice(1);
    this.originalPath = url.pathname;
    this.body = webBody(request);
    this.host = options.host ?? request;
    if (request.signal?.aborted) this.cancel();
    else request.signal?.addEventListener("abort", () => this.cancel(), { once: true });
  }

  get signal(): AbortSignal {
    return this.cancellation.signal;
  }

  header(name: string): string | undefined {
    return this.request.headers.get(name) ?? undefined;
  }

  cancel(): void {
    this.cancellation.abort();
  }
}

/** A reply as a web `Response`; its body is pulled, so a slow reader slows the engine. */
export function webResponse(reply: Reply, exchange: Exchange): Response {
  const body = isByteStream(reply.body)
    ? readable(reply.body, exchange)
    : (reply.body as string | Uint8Array<ArrayBuffer>);
  return new Response(body, { status: reply.status, headers: reply.headers });
}

export function fetchHandler(handle: Handle): (input: Request | URL | string, init?: RequestInit) => Promise<Response> {
  return async (input, init) => {
    const request = input instanceof Request ? input : new Request(input, init);
    const exchange = webExchange(request);
    const response = webResponse(await handle(exchange), exchange);
    if (request !== input) init?.signal?.throwIfAborted();
    return response;
  };
}

function webBody(request: Request): RequestBody {
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    const reader = request.body?.getReader();
    if (!reader) return;
    try {
      for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
    } finally {
      reader.cancel().catch(() => {});
    }
  };
  return {
    taken: false,
    stream: chunks,
    async bytes(limit) {
      if (Number(request.headers.get("content-length")) > limit) throw bodyTooLarge(limit);
      const parts: Uint8Array[] = [];
      let size = 0;
      try {
        for await (const chunk of chunks()) {
          size += chunk.length;
          if (size > limit) throw bodyTooLarge(limit);
          parts.push(chunk);
        }
      } catch (error) {
        throw error instanceof ApiError ? error : requestAborted();
      }
      return concatBytes(parts);
    },
  };
}

function readable(stream: ByteStream, exchange: Exchange): ReadableStream<Uint8Array> {
  const iterator = stream[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  const { cancellation } = exchange;
  const stopOnAbort = { handleEvent: () => void iterator.return?.().catch(() => {}) };
  cancellation.addEventListener("abort", stopOnAbort);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const result = await iterator.next();
        if (result.done) {
          cancellation.removeEventListener("abort", stopOnAbort);
          if (cancellation.aborted) controller.error(new DOMException("The request was aborted.", "AbortError"));
          else controller.close();
        } else {
          controller.enqueue(
            typeof result.value === "string" ? encoder.encode(result.value) : inOwnMemory(result.value),
          );
        }
      },
      cancel() {
        exchange.cancel();
      },
    },
    { highWaterMark: 0 },
  );
}
