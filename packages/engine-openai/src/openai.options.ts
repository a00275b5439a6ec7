import type { Engine, EngineContext } from "@outlet/core";
import type { Dispatcher } from "undici";

type Awaitable<T> = T | Promise<T>;

/**
 * Where the upstream is, who pays for it, and how long it may take. Times are whole milliseconds; `connectTimeoutMs` and
 * `idleTimeoutMs` are kept to about a second.
 */
export interface OpenAIOptions {
  /**
   * Sent as `authorization: Bearer …`, or as `api-key` when it is a string and `azure` is set. A function is called for
   * every attempt, so keys can rotate; what it throws becomes a 502. Required for `https://api.openai.com/v1`; leave it
   * out for local servers that ask for none.
   */
  apiKey?: string | (() => Awaitable<string>) | undefined;
  /** The upstream's URL, version segment included. Default: `https://api.openai.com/v1`. */
  baseURL?: string | undefined;
  /** Sent as `openai-organization`. */
  organization?: string | undefined;
  /** Sent as `openai-project`. */
  project?: string | undefined;
  /**
   * More request headers, or a function that makes them for every attempt. They win over the engine's own. Headers that
   * frame the message (`host`, `content-length`, `content-type`, `connection`, …) and `accept-encoding` are refused.
   */
  headers?: Record<string, string> | ((context: EngineContext) => Awaitable<Record<string, string>>) | undefined;
  /**
   * `bytes` for an upstream that takes images in the request only (Ollama, servers without a way out): the outlet then fetches
   * what clients name by URL. Default: `url`, images go on as the client wrote them.
   */
  images?: Engine["images"] | undefined;
  /**
   * Whether the upstream has `/responses`. Where it has, it answers them itself, with its own tools and its own reasoning; else it is asked to
   * chat for them. Default: true for `https://api.openai.com` and for Azure's `/openai/v1`, else false.
   * https://platform.openai.com/docs/api-reference/responses
   */
  responses?: boolean | undefined;
  /** For Azure OpenAI's dated API versions; its `/openai/v1` needs nothing but `baseURL`. Makes `baseURL` required. */
  azure?: AzureOptions | undefined;
  /** Most connections at a time; requests beyond them queue. Default: no limit. */
  connections?: number | undefined;
  /**
   * How long an idle connection is kept, unless the upstream asks for less or more. Default: 4,000, which is below the 5
   * seconds after which Node's and uvicorn's servers hang up.
   */
  keepAliveTimeoutMs?: number | undefined;
  /** Longest time for DNS, TCP and TLS; 0 for no limit. Exceeded: retried, then a 504. Default: 10,000. */
  connectTimeoutMs?: number | undefined;
  /**
   * Longest time until the upstream's response headers: the queue, connecting and all retries included; 0 for no limit.
   * Exceeded: a 504, never retried, since the upstream may still be working. Default: 600,000, the official SDK's own
   * patience: without a stream, headers only come when the whole answer is made.
   */
  firstByteTimeoutMs?: number | undefined;
  /**
   * Longest silence inside a reply; 0 for no limit. A reader that is slow does not count. Exceeded: a 504, or the end of
   * the stream with an error event. Default: 300,000: many servers send headers at once and then read a long prompt.
   */
  idleTimeoutMs?: number | undefined;
  /**
   * How often a request is sent again after a connection that failed before any reply, or a 408, 409, 429 or 5xx;
   * `x-should-retry` overrules the status. Default: 2.
   */
  maxRetries?: number | undefined;
  /**
   * Wait before the first retry where the upstream asks for none (`retry-after-ms`, `retry-after` up to 60 seconds);
   * doubles each time, less up to a quarter at random. Default: 500.
   */
  retryBaseMs?: number | undefined;
  /** Longest such wait. Default: 8,000. */
  retryMaxMs?: number | undefined;
  /** Largest reply that is not a stream, in bytes. Exceeded: a 502. Default: 64 MiB. */
  maxReplyBytes?: number | undefined;
  /** How long a list of models is kept; 0 to ask every time. Default: 60,000. */
  modelsMaxAgeMs?: number | undefined;
  /**
   * Your own undici dispatcher (an `Agent`, a `ProxyAgent`, …, of undici 7 or later) instead of the engine's pool. It stays open when the
   * engine closes; `connections`, `keepAliveTimeoutMs` and `connectTimeoutMs` are its own to set and refused here.
   */
  dispatcher?: Dispatcher | undefined;
}

export interface AzureOptions {
  /** The `api-version` of every request: `2024-10-21`. */
  apiVersion: string;
  /** The deployment that answers every request. Default: the request's own `model`. */
  deployment?: string | undefined;
}
