import type { Call } from "../../../call.ts";
import type { Batch } from "../../../engine/pieces.ts";
import type { ApiError } from "../../../errors/api-error.ts";
import { invalidRequest } from "../../../errors/catalogue.ts";
import type { Reply } from "../../../http/exchange.ts";
import { eventStreamReply } from "../../../pipeline/reply.ts";
import { createEventWriter, errorEvent, type ResponseEvent } from "../responses.events.ts";
import type { ResponseQuery } from "../responses.schema.ts";
import type { StoredResponse } from "../responses.state.ts";
import { type FollowOptions, followEvents } from "./follow-events.ts";

interface StreamOptions extends FollowOptions {
  /** Whether deltas are padded. */
  readonly obfuscate: boolean;
}

/** The stream of a response that is made in the background. A client that leaves it stops nothing, and may come back. */
export function backgroundStream(call: Call, { obfuscate, ...options }: StreamOptions): Promise<Reply> {
  const writer = createEventWriter({ obfuscate, first: options.after + 1 });
  const events = toItsEnd(call, followEvents(call, options));
  const failure = (error: ApiError) => writer.write([errorEvent(error)]);
  // What is read from a log says nothing of how soon a model speaks.
  return eventStreamReply(call, events, writer.write, failure, () => false);
}

async function* toItsEnd(
  { receipt }: Call,
  events: AsyncIterable<Batch<ResponseEvent>>,
): AsyncGenerator<Batch<ResponseEvent>> {
  for await (const batch of events) {
    if (batch.some(isLast)) receipt.complete = true;
    yield batch;
  }
}

function isLast({ type }: ResponseEvent): boolean {
  return type === "response.completed" || type === "response.incomplete" || type === "response.failed";
}

/**
 * The stream again, from where the client lost it.
 * @throws ApiError 400 for a response that was not made as one in the background
 */
export function resumedStream(
  call: Call<unknown, ResponseQuery>,
  key: FollowOptions["key"],
  { streamed }: Pick<StoredResponse, "streamed">,
): Promise<Reply> {
  if (!streamed) {
    throw invalidRequest(
      "This response cannot be streamed: only responses that were created with 'background' and 'stream' can.",
      "stream",
    );
  }
  const { starting_after, include_obfuscation, include = [] } = call.query;
  return backgroundStream(call, {
    key,
    after: starting_after ?? -1,
    include: [...streamed, ...include],
    obfuscate: include_obfuscation !== false,
  });
}
