import type { Call } from "../call.ts";
import { engineFailed, modelCannot } from "../errors/catalogue.ts";
import { upstreamError } from "../errors/upstream.ts";
import { iterateUntilAborted, untilAborted } from "../http/abort.ts";
import { isByteStream, type Reply } from "../http/exchange.ts";
import { type MeteredUsage, meterUsage } from "../ledger/usage.ts";
import type { ResolvedModel } from "../models/registry.ts";
import { eventStreamReply } from "../pipeline/reply.ts";
import type { ForwardReply } from "./engine.ts";
import { forwardedBody, type RelayedRequest } from "./forwarded-body.ts";
import { relayEvents } from "./relay-events.ts";

/**
 * Answers from an engine whose far side speaks the protocol itself: the reply's bytes are handed on as they come,
 * and the meter reads its counts from the side.
 */
export async function relay(call: Call<RelayedRequest>, target: ResolvedModel): Promise<Reply> {
  const { body: request, context, operation, receipt } = call;
  const forward = target.engine.forward?.bind(target.engine);
  if (!forward) throw modelCannot(target.id, operation.path);
  const sent = forward(
    {
      method: operation.method,
      path: operation.path,
      body: forwardedBody(request, call.rawBody, target.engineModel),
      contentType: "application/json",
      stream: request.stream === true,
    },
    context,
  );
  const reply = await untilAborted(Promise.resolve(sent), context.signal);
  if (!isReply(reply)) throw engineFailed("The engine's reply is not one.");
  if (reply.status < 200 || reply.status > 299) throw await upstreamError(reply);
  if (isByteStream(reply.body)) {
    if (request.stream !== true) throw engineFailed("The engine sent a stream although it was not asked for one.");
    const keepUsage = request.stream_options?.include_usage === true;
    const promptBytes = call.rawBody?.length ?? 0;
    // A far side that hears nothing of its signal must not keep the call open.
    const events = relayEvents(iterateUntilAborted(reply.body, context.signal), { keepUsage, promptBytes, receipt });
    return eventStreamReply(call, events, (bytes) => bytes);
  }
  if (isError(reply.body)) throw await upstreamError({ ...reply, status: 502 });
  receipt.usage = usageOf(reply.body);
  return { status: 200, headers: { "content-type": "application/json" }, body: reply.body };
}

function isReply({ status, headers, body }: ForwardReply): boolean {
  const hasBody = body instanceof Uint8Array || (typeof body === "object" && isByteStream(body));
  return Number.isInteger(status) && typeof headers === "object" && hasBody;
}

const MAX_ERROR_BYTES = 65_536;
const ERROR_HEAD_BYTES = 256;

/** Some upstreams send their errors under a 200. */
function isError(body: Uint8Array): boolean {
  if (body.length > MAX_ERROR_BYTES || !/"error"\s*:\s*["{]/.test(latin1.decode(body.subarray(0, ERROR_HEAD_BYTES)))) {
    return false;
  }
  try {
    const { error, choices, data } = JSON.parse(latin1.decode(body)) as Record<string, unknown>;
    return Boolean(error) && choices === undefined && data === undefined;
  } catch {
    return false;
  }
}

const OPEN_BRACE = 0x7b;
const TAIL_BYTES = 4096;
const USAGE = /"usage"\s*:\s*(\{(?:[^{}]|\{[^{}]*\})*\})/;
const latin1 = new TextDecoder("latin1");

/** Counts stand near a reply's end, after what may be megabytes of vectors: only the tail is read, and nothing rebuilt. */
function usageOf(body: Uint8Array): MeteredUsage | null {
  const tail = latin1.decode(body.length > TAIL_BYTES ? body.subarray(-TAIL_BYTES) : body);
  if (body[0] !== OPEN_BRACE || !tail.trimEnd().endsWith("}")) {
    throw engineFailed("The upstream's reply is not a JSON object.");
  }
  const found = USAGE.exec(tail.slice(Math.max(0, tail.lastIndexOf('"usage"'))));
  try {
    return (found && meterUsage(JSON.parse(found[1] as string))) ?? null;
  } catch (cause) {
    throw engineFailed("The upstream's reply is not valid JSON.", cause);
  }
}
