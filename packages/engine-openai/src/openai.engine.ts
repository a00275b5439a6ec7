/// <reference path="./undici-pool.d.ts" />
import { createRoster, type Engine, engineFailed } from "@outlet/core";
// The pool alone: undici's index loads all of fetch, WebSockets and caching besides, three quarters of its start.
import Pool from "undici/lib/dispatcher/pool.js";
import { createDeadlines } from "./deadlines.ts";
import { createModelList } from "./model-list.ts";
import type { OpenAIOptions } from "./openai.options.ts";
import { createRequestHeaders } from "./request-headers.ts";
import {
  hasResponses,
  isOpenAIItself,
  readBaseUrl,
  readLimits,
  readPoolSettings,
  refusePoolSettings,
} from "./settings.ts";
import { createTarget } from "./target.ts";
import { sendUpstream, type Upstream } from "./upstream.ts";
import type { Cancellable } from "./wait.ts";

/**
 * An engine for any upstream that speaks the OpenAI API. Requests and replies pass through byte for byte; the caller's
 * key never does.
 *
 * ```ts
 * const outlet = createOutlet({ models: { "*": openai({ apiKey }) }, keys });
 * ```
 *
 * @throws TypeError that names the option which cannot be.
 */
export function openai(options: OpenAIOptions = {}): Engine {
  const baseUrl = readBaseUrl(options);
  const limits = readLimits(options);
  const headers = createRequestHeaders(options);
  const target = createTarget(baseUrl, options.azure);
  if (isOpenAIItself(baseUrl) && options.apiKey === undefined && options.headers === undefined) {
    throw new TypeError(`apiKey is required for ${baseUrl.origin}`);
  }
  const pool = options.dispatcher ? null : createPool(baseUrl, options);
  if (!pool) refusePoolSettings(options);

  const live = createRoster<Cancellable>();
  const deadlines = createDeadlines(live);
  const dispatcher = options.dispatcher ?? (pool as Pool);
  const upstream: Upstream = { dispatcher, target, headers, limits, live, deadlines, closed: false };

  return {
    specificationVersion: "v1",
    ...(options.images && { images: options.images }),
    responses: options.responses ?? hasResponses(baseUrl),
    forward: (request, context) => sendUpstream(upstream, request, context),
    listModels: createModelList(upstream),
    async close() {
      upstream.closed = true;
      deadlines.stop();
      for (const one of [...live.items]) one.cancel(engineFailed("The engine was closed."));
      await pool?.destroy();
    },
  };
}

/** HTTP/1.1 alone: with one connection for each stream, a slow reader cannot hold up another's stream. */
function createPool(baseUrl: URL, options: OpenAIOptions): Pool {
  const { connections, keepAliveTimeout, connectTimeout } = readPoolSettings(options);
  return new Pool(baseUrl.origin, {
    connections,
    keepAliveTimeout,
    allowH2: false,
    connect: { timeout: connectTimeout },
  });
}
