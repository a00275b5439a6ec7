import type { Call } from "../../call.ts";
import type { Batch } from "../../engine/pieces.ts";
import { respondOf } from "../../engine/respond-over-forward.ts";
import type { ApiError } from "../../errors/api-error.ts";
import { invalidRequest } from "../../errors/catalogue.ts";
import { toApiError } from "../../errors/to-api-error.ts";
import type { Reply } from "../../http/exchange.ts";
import { itemWith } from "../../items/include.ts";
import { withSealedThoughts } from "../../items/sealed-thoughts.ts";
import { resolveModel } from "../../models/resolve-model.ts";
import { pageOf } from "../../pipeline/page.ts";
import { eventStreamReply, jsonReply } from "../../pipeline/reply.ts";
import { ownerOf } from "../../store/owner.ts";
import { cancelBackgroundResponse } from "./background/cancel.ts";
import { enqueueResponse } from "./background/enqueue.ts";
import { refuseBackground } from "./background/refuse.ts";
import { backgroundStream, resumedStream } from "./background/stream.ts";
import { refuseUnseenItems } from "./over-chat/check-media.ts";
import { refuseUnaskable } from "./over-chat/refuse-unaskable.ts";
import { answer } from "./responses.answer.ts";
import { type Draft, draftResponse, placesOf } from "./responses.draft.ts";
import { createEventWriter, errorEvent, type ResponseEvent, saysSomething } from "./responses.events.ts";
import { refuseFormats } from "./responses.formats.ts";
import { responseFailure, responseWith } from "./responses.object.ts";
import { refuseContradictions, refuseOrphans, refuseUnsupported } from "./responses.refuse.ts";
import type { InputItemsQuery, ResponseQuery, ResponseRequest } from "./responses.schema.ts";
import { deleteStoredResponse, inputOf, loadResponse, responseKey, saveResponse } from "./responses.state.ts";
import { withThoughtsSealed } from "./responses.thoughts.ts";
import type { ResponseDeleted, ResponseObject } from "./responses.types.ts";

/** https://platform.openai.com/docs/api-reference/responses/create */
export async function createResponse(call: Call<ResponseRequest>): Promise<Reply> {
  const request = call.body;
  refuseContradictions(request);
  const target = resolveModel(call, request.model);
  const respond = respondOf(target.engine);
  if (request.background) refuseBackground(call);
  if (!respond) refuseUnsupported(request, target, call);
  const draft = await draftResponse({ ...call, body: request }, target);
  refuseOrphans(draft.context);
  refuseUnseenItems(draft.context, placesOf(draft, new Set()), target.capabilities);
  if (!respond) refuseFormats(request, draft.context);

  if (request.background) {
    if (!respond) refuseUnaskable(call, target, draft);
    const key = await enqueueResponse(call, draft);
    if (!request.stream) return jsonReply(shown(draft));
    const obfuscate = request.stream_options?.include_obfuscation !== false;
    return backgroundStream(call, { key, after: -1, include: request.include ?? [], obfuscate });
  }
  const events = endingStored(call, draft, withThoughtsSealed(call, draft, answer(call, target, draft)));
  if (request.stream) {
    const writer = createEventWriter({ obfuscate: request.stream_options?.include_obfuscation !== false });
    const failure = (error: ApiError) => writer.write([errorEvent(error)]);
    return eventStreamReply(call, tellingFailure(call, draft, events), writer.write, failure, saysSomething);
  }
  for await (const _ of events);
  return jsonReply(shown(draft));
}

/** The events, and when the response is over and kept, the final one. */
async function* endingStored(
  call: Call,
  draft: Draft,
  events: AsyncIterable<Batch<ResponseEvent>>,
): AsyncGenerator<Batch<ResponseEvent>> {
  yield* events;
  await saveResponse(call, draft);
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
    await saveResponse(call, draft);
    yield [errorEvent(told), finalEvent(draft)];
  }
}

function finalEvent(draft: Draft): ResponseEvent {
  const { status } = draft.response;
  const end = status === "incomplete" || status === "failed" ? status : "completed";
  return { type: `response.${end}`, response: shown(draft) };
}

/** The response with only those of its large or sensitive fields that the request asks for. */
function shown({ request, response }: Draft): ResponseObject {
  return responseWith(response, request.include);
}

/** https://platform.openai.com/docs/api-reference/responses/get */
export async function getResponse(call: Call<unknown, ResponseQuery>): Promise<Reply> {
  const { include, stream, starting_after } = call.query;
  if (starting_after !== undefined && !stream) {
    throw invalidRequest("'starting_after' is only allowed when 'stream' is enabled.", "starting_after");
  }
  const { response, ...kept } = await loadResponse(call, idOf(call));
  if (stream) return resumedStream(call, responseKey(ownerOf(call.principal), idOf(call)), kept);
  const output = await withSealedThoughts(call, response.output, include);
  return jsonReply(responseWith({ ...response, output: [...output] }, include));
}

/**
 * Only work in the background can be cancelled; what is over stays as it is.
 * https://platform.openai.com/docs/api-reference/responses/cancel
 */
export async function cancelResponse(call: Call): Promise<Reply> {
  return jsonReply(responseWith(await cancelBackgroundResponse(call, idOf(call))));
}

/** https://platform.openai.com/docs/api-reference/responses/input-items */
export async function listInputItems(call: Call<unknown, InputItemsQuery>): Promise<Reply> {
  const { include, ...page } = call.query;
  const list = pageOf(await inputOf(call, idOf(call)), page);
  const data = await withSealedThoughts(call, list.data, include);
  return jsonReply({ ...list, data: data.map((item) => itemWith(item, include)) });
}

function idOf({ params }: Pick<Call, "params">): string {
  return params.response_id as string;
}

/** https://platform.openai.com/docs/api-reference/responses/delete */
export async function deleteResponse(call: Call): Promise<Reply> {
  const id = idOf(call);
  await deleteStoredResponse(call, id);
  const deleted: ResponseDeleted = { id, object: "response", deleted: true };
  return jsonReply(deleted);
}
