import type { Call } from "../../call.ts";
import type { Batch } from "../../engine/pieces.ts";
import { toApiError } from "../../errors/to-api-error.ts";
import type { Reply } from "../../http/exchange.ts";
import { resolveModel } from "../../models/resolve-model.ts";
import { eventStreamReply, jsonReply } from "../../pipeline/reply.ts";
import { answerOverChat } from "./over-chat/answer.ts";
import { type Draft, draftResponse } from "./responses.draft.ts";
import { createEventWriter, errorEvent, type ResponseEvent } from "./responses.events.ts";
import { responseFailure } from "./responses.object.ts";
import { refuseContradictions, refuseOrphans, refuseUnsupported } from "./responses.refuse.ts";
import type { ResponseRequest } from "./responses.schema.ts";
import { deleteStoredResponse, loadResponse, saveResponse } from "./responses.state.ts";
import type { ResponseDeleted } from "./responses.types.ts";

/** https://platform.openai.com/docs/api-reference/responses/create */
export async function createResponse(call: Call<ResponseRequest>): Promise<Reply> {
  const request = call.body;
  refuseContradictions(request);
  const target = resolveModel(call, request.model);
  refuseUnsupported(request);
  const draft = await draftResponse({ ...call, body: request }, target);
  refuseOrphans(draft.context);

  const events = endingStored(call, draft, answerOverChat(call, target, draft));
  if (request.stream) {
    const writer = createEventWriter({ obfuscate: request.stream_options?.include_obfuscation !== false });
    return eventStreamReply(call, tellingFailure(call, draft, events), writer.write, (error) =>
      writer.write([errorEvent(error)]),
    );
  }
  for await (const _ of events);
  return jsonReply(draft.response);
}

/** The events, and when the response is over and kept, the final one. */
async function* endingStored(
  call: Call,
  draft: Draft,
  events: AsyncIterable<Batch<ResponseEvent>>,
): AsyncGenerator<Batch<ResponseEvent>> {
  yield* events;
  await keep(call, draft);
  call.receipt.complete = true;
  yield [finalEvent(draft)];
}

/**
 * The same events; when the model fails half-way, the error, and the response as it failed. Nobody takes half an answer for
 * a whole one: official clients throw at the error.
 */
async function* tellingFailure(
  call: Call,
  draft: Draft,
  events: AsyncIterable<Batch<ResponseEvent>>,
): AsyncGenerator<Batch<ResponseEvent>> {
  let begun = false;
  try {
    for await (const batch of events) {
      begun = true;
      yield batch;
    }
  } catch (error) {
    const { signal } = call.context;
    if (!begun || signal.aborted || draft.response.status !== "in_progress") throw error;
    call.receipt.error = error ?? new TypeError(`${error} was thrown`);
    const told = toApiError(error, signal);
    draft.response.status = "failed";
    draft.response.error = responseFailure(told);
    await keep(call, draft);
    yield [errorEvent(told), finalEvent(draft)];
  }
}

function finalEvent({ response }: Draft): ResponseEvent {
  const { status } = response;
  const end = status === "incomplete" || status === "failed" ? status : "completed";
  return { type: `response.${end}`, response };
}

async function keep(call: Call, { response, input, chain }: Draft): Promise<void> {
  if (response.store) await saveResponse(call, { response, input, chain });
}

/** https://platform.openai.com/docs/api-reference/responses/get */
export async function getResponse(call: Call): Promise<Reply> {
  const { response } = await loadResponse(call, call.params.response_id as string);
  return jsonReply(response);
}

/** https://platform.openai.com/docs/api-reference/responses/delete */
export async function deleteResponse(call: Call): Promise<Reply> {
  const id = call.params.response_id as string;
  await deleteStoredResponse(call, id);
  const deleted: ResponseDeleted = { id, object: "response", deleted: true };
  return jsonReply(deleted);
}
