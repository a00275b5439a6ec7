import type { Call } from "../call.ts";
import { engineFailed, modelCannot } from "../errors/catalogue.ts";
import { upstreamError } from "../errors/upstream.ts";
import { untilAborted } from "../http/abort.ts";
import { isByteStream, type Reply } from "../http/exchange.ts";
import { pushed } from "../http/pushed.ts";
import { SSE_HEADERS } from "../http/sse.ts";
import { withoutTier } from "../instances/tier.ts";
import type { ResolvedModel } from "../models/registry.ts";
import { noteSent } from "../observe/explanation.ts";
import { JSON_HEADERS } from "../pipeline/reply.ts";
import type { ForwardReply } from "./engine.ts";
import { forwardedBody, type RelayedRequest } from "./forwarded-body.ts";
import { EventRelay, type RelayOptions } from "./relay-events.ts";
import { readWholeReply } from "./whole-reply.ts";

/**
 * Answers from an engine whose far side speaks the protocol itself: the reply's bytes are handed on as they come,
 * and the meter reads its counts from the side.
 *
 * @param witness is given a stream's events as they came
 */
export async function relay(
  call: Call<RelayedRequest>,
  target: ResolvedModel,
  witness?: RelayOptions["witness"],
): Promise<Reply> {
  const { body: request, context, exchange, operation, receipt } = call;
  const { engine } = target;
  if (!engine.forward) throw modelCannot(target.id, operation.path);
  const asked = withoutTier(request, receipt);
  const body = forwardedBody(asked, asked === request ? call.rawBody : null, target.engineModel);
  receipt.asked = true;
  if (receipt.explained) noteSent(receipt.explained, request);
  const sent = engine.forward(
    {
      method: operation.method,
      path: operation.path,
      body,
      contentType: "application/json",
      stream: request.stream === true,
    },
    context,
  );
  const { cancellation } = exchange;
  const reply = await untilAborted(Promise.resolve(sent), cancellation);
  if (!isReply(reply)) throw engineFailed("The engine's reply is not one.");
  if (reply.status < 200 || reply.status > 299) throw await upstreamError(reply);
  if (isByteStream(reply.body)) {
    if (request.stream !== true) throw engineFailed("The engine sent a stream although it was not asked for one.");
    const keepUsage = request.stream_options?.include_usage === true;
    const options = { keepUsage, promptBytes: body.length, receipt, cancellation, witness };
    const events = new EventRelay(pushed(reply.body), options);
    // An engine that fails at once still gets an HTTP status.
    await events.begin();
    return { status: 200, headers: SSE_HEADERS, body: events.channel };
  }
  const { isError, usage } = readWholeReply(reply.body);
  if (isError) throw await upstreamError({ ...reply, status: 502 });
  receipt.usage = usage;
  return { status: 200, headers: JSON_HEADERS, body: reply.body };
}

function isReply({ status, headers, body }: ForwardReply): boolean {
  const hasBody = body instanceof Uint8Array || (typeof body === "object" && isByteStream(body));
  return Number.isInteger(status) && typeof headers === "object" && hasBody;
}
