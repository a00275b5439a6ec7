import type { Call } from "../../../call.ts";
import { askChat } from "../../../chat/ask-chat.ts";
import { assertChatFits } from "../../../chat/chat-fits.ts";
import type { AnswerPiece } from "../../../chat/chat-pieces.ts";
import type { Batch } from "../../../engine/pieces.ts";
import { unixSeconds } from "../../../ids.ts";
import type { ResolvedModel } from "../../../models/registry.ts";
import type { ChatFinishReason } from "../../chat/completions/chat-completions.types.ts";
import { type Draft, inputPath } from "../responses.draft.ts";
import type { ResponseEvent } from "../responses.events.ts";
import { responseUsage } from "../responses.object.ts";
import type { ResponseObject } from "../responses.types.ts";
import { createOutput } from "./output.ts";
import { chatRequest } from "./request.ts";
import { inTerms, termOf } from "./terms.ts";

/**
 * Asks a chat model, and tells its answer in events. They begin when the model does: what fails before that has told nothing
 * yet. The last event but the final one leaves the draft's response as it ends.
 */
export async function* answerOverChat(
  call: Call,
  target: ResolvedModel,
  draft: Draft,
): AsyncGenerator<Batch<ResponseEvent>> {
  const { response } = draft;
  const output = createOutput(response.id);
  let reason: ChatFinishReason = "stop";
  let begun = false;
  for await (const batch of pieces(call, target, draft)) {
    for (const piece of batch) {
      if (piece.model) response.model = piece.model;
      if (piece.finish_reason) reason = piece.finish_reason;
      if (piece.final && piece.usage) response.usage = responseUsage(piece.usage);
      else output.add(piece);
    }
    if (!begun) {
      begun = true;
      yield opening(response);
    }
    const events = output.take();
    if (events.length > 0) yield events;
    response.output = output.items.filter(Boolean);
  }
  output.finish(reason);
  response.output = output.items;
  end(response, reason);
  yield output.take();
}

function opening(response: ResponseObject): Batch<ResponseEvent> {
  const begun = { ...response, output: [] };
  return [
    { type: "response.created", response: begun },
    { type: "response.in_progress", response: begun },
  ];
}

function end(response: ResponseObject, reason: ChatFinishReason): void {
  if (reason === "length" || reason === "content_filter") {
    response.status = "incomplete";
    response.incomplete_details = { reason: reason === "length" ? "max_output_tokens" : reason };
  } else {
    response.status = "completed";
    response.completed_at = unixSeconds();
  }
}

/** The chat's pieces; what is told of the asking is in this API's terms. */
async function* pieces(call: Call, target: ResolvedModel, draft: Draft): AsyncGenerator<Batch<AnswerPiece>> {
  const { receipt, operation, context, services } = call;
  const asking = { ...receipt, usage: null, emulated: new Set<string>(), complete: false };
  const request = chatRequest(draft.request, draft.context, (index) => inputPath(draft, index));
  try {
    assertChatFits(call, target, request);
    for await (const batch of askChat(request, target, { operation, context, services, receipt: asking })) {
      for (const name of asking.emulated) receipt.emulated.add(termOf(name));
      yield batch;
    }
  } catch (error) {
    throw inTerms(error);
  } finally {
    receipt.usage = asking.usage;
  }
}
