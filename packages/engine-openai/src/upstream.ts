import {
  type AbortTarget,
  type EngineContext,
  engineFailed,
  type ForwardReply,
  type ForwardRequest,
  type Roster,
} from "@outlet/core";
import type { Dispatcher } from "undici";
import { Attempt } from "./attempt.ts";
import type { Deadlines } from "./deadlines.ts";
import { type FlatHeaders, REQUEST_ID_HEADER, type RequestHeaders } from "./request-headers.ts";
import { isWorthRetrying, retryDelay } from "./retry.ts";
import type { Limits } from "./settings.ts";
import type { Target } from "./target.ts";
import { type Cancellable, delay, unlessAborted } from "./wait.ts";

export interface Upstream {
  readonly dispatcher: Dispatcher;
  readonly target: Target;
  readonly headers: RequestHeaders;
  readonly limits: Limits;
  /** Every attempt and every wait that is under way. */
  readonly live: Roster<Cancellable>;
  readonly deadlines: Deadlines;
  /** Nothing is sent any more. */
  closed: boolean;
}

type SentRequest = Pick<ForwardRequest, "method" | "path" | "body" | "contentType" | "stream">;

/**
 * Sends a request, and sends it again while that makes sense. The last reply is handed on as it is; a reply whose first
 * byte was handed on is never asked for again.
 */
export async function sendUpstream(
  upstream: Upstream,
  request: SentRequest,
  context: EngineContext,
): Promise<ForwardReply> {
  const { dispatcher, target, headers, limits, live, deadlines } = upstream;
  const signal = abortTarget(context);
  const path = target.path(request);
  const { firstByteTimeoutMs } = limits;
  const deadline = firstByteTimeoutMs > 0 ? performance.now() + firstByteTimeoutMs : Number.POSITIVE_INFINITY;

  for (let retries = 0; ; retries += 1) {
    const base = headers.fixed ?? (await unlessAborted(headers.resolve(context), signal));
    if (upstream.closed) throw engineFailed("The engine is closed.");
    const attempt = new Attempt({
      dispatcher,
      request: {
        origin: target.origin,
        path,
        method: request.method,
        headers: requestHeaders(base, request, context),
        body: request.body,
        // The attempt's own clock also counts the time in the queue and on the way to a connection.
        headersTimeout: 0,
        bodyTimeout: limits.idleTimeoutMs,
      },
      signal,
      stream: request.stream,
      maxReplyBytes: limits.maxReplyBytes,
      deadline,
      live,
      deadlines,
    });
    let reply: ForwardReply | undefined;
    let failure: unknown;
    try {
      reply = await attempt.send();
    } catch (error) {
      failure = error;
    }
    const again = reply ? isWorthRetrying(reply) : attempt.retryable;
    const wait = again && retries < limits.maxRetries ? retryDelay(reply?.headers, retries, limits) : null;
    if (wait === null || performance.now() + wait >= deadline) {
      if (reply) return reply;
      throw failure;
    }
    await delay(wait, signal, live);
  }
}

/** The lighter one of the two, unless somebody has put another signal in its place. */
function abortTarget({ signal, cancellation }: EngineContext): AbortTarget {
  return cancellation?.signal === signal ? cancellation : signal;
}

function requestHeaders(base: FlatHeaders, request: SentRequest, context: EngineContext): string[] {
  const headers = base.slice();
  if (request.contentType !== null) headers.push("content-type", request.contentType);
  if (!base.includes(REQUEST_ID_HEADER)) headers.push(REQUEST_ID_HEADER, context.requestId);
  return headers;
}
