import type { ModelCall } from "../../../call.ts";
import { askChat } from "../../../chat/ask-chat.ts";
import { assertChatFits, chatFits } from "../../../chat/chat-fits.ts";
import type { AnswerPiece } from "../../../chat/chat-pieces.ts";
import type { Guard } from "../../../engine/held-back.ts";
import type { Batch } from "../../../engine/pieces.ts";
import { engineFailed } from "../../../errors/catalogue.ts";
import { unixSeconds } from "../../../ids.ts";
import type { Item } from "../../../items/item.types.ts";
import { addUsage } from "../../../ledger/usage.ts";
import type { ResolvedModel } from "../../../models/registry.ts";
import type { ChatFinishReason } from "../../chat/completions/chat-completions.types.ts";
import { type Compacted, compactAll, compactContext, compactThreshold, exceeds } from "../compaction/automatic.ts";
import { approvedCalls } from "../mcp/approvals.ts";
import { openRemoteTools, type RemoteTools } from "../mcp/remote-tools.ts";
import { answeredIn } from "../responses.answered.ts";
import { type Draft, isTriggered, placesOf } from "../responses.draft.ts";
import type { ResponseEvent } from "../responses.events.ts";
import { addedUsage, responseUsage } from "../responses.object.ts";
import type { ResponseObject } from "../responses.types.ts";
import { checkItemMedia } from "./check-media.ts";
import { begunModeration, endedModeration } from "./moderation.ts";
import { createOutput } from "./output.ts";
import { refuseUnaskable } from "./refuse-unaskable.ts";
import { createRemoteCalls } from "./remote-calls.ts";
import { chatRequest, type Turn } from "./request.ts";
import { silentChat } from "./silent-chat.ts";
import { inTerms, termOf } from "./terms.ts";
import { truncated } from "./truncate.ts";

/**
 * Asks a chat model, and tells its answer in events. They begin when the model does: what fails before that has told nothing
 * yet. Where the model calls tools of remote servers, these are called, and it is asked again with what they gave. The last event but the
 * final one leaves the draft's response as it ends.
 */
export async function* answerOverChat(
  call: ModelCall,
  target: ResolvedModel,
  draft: Draft,
): AsyncGenerator<Batch<ResponseEvent>> {
  // Who judges costs something, and what is asked for in vain is not to be judged.
  if (draft.request.moderation) refuseUnaskable(call, target, draft);
  const rule = call.services.policy?.outputRule(call, draft.request);
  const moderation = await begunModeration(call, draft);
  const remote = await openRemoteTools(call, draft.request, draft.context);
  try {
    const guards = [rule?.guard, moderation?.guard].filter((guard) => guard !== undefined);
    yield* converse(call, target, draft, { remote, guards });
  } finally {
    await remote?.close();
  }
  await rule?.end([answeredIn(draft.response.output).join("\n")]);
  if (moderation) draft.response.moderation = await endedModeration(moderation, draft.response.output);
}

interface Conversing {
  readonly remote: RemoteTools | null;
  /** Each holds back what the model says until it has passed. */
  readonly guards: readonly Guard[];
}

async function* converse(
  call: ModelCall,
  target: ResolvedModel,
  draft: Draft,
  { remote, guards }: Conversing,
): AsyncGenerator<Batch<ResponseEvent>> {
  const { response, request } = draft;
  const output = createOutput(response.id, remote);
  const calls = createRemoteCalls(output, request.max_tool_calls ?? Number.POSITIVE_INFINITY);
  let begun = false;
  const news = function* (): Generator<Batch<ResponseEvent>> {
    if (!begun) yield opening(response);
    begun = true;
    const events = output.take();
    if (events.length > 0) yield events;
    response.output = output.items.filter(Boolean);
  };

  const add = ({ encryptedContent, usage }: Compacted) => {
    output.addCompaction(encryptedContent);
    response.usage = addedUsage(response.usage, usage);
  };

  if (isTriggered(request)) {
    add(await compactAll(call, target, draft));
    yield* news();
    return end(response, "stop");
  }
  for (const list of remote?.lists ?? []) output.addList(list);
  for (const approved of approvedCalls(draft.input, draft.context, remote)) output.addApproved(approved);
  for await (const _ of calls.make(call.context.signal)) yield* news();

  const threshold = compactThreshold(request, target);
  let said = draft.context;
  let since = 0;
  let reason: ChatFinishReason = "stop";
  for (let turns = 1; ; turns += 1) {
    const last = calls.exhausted();
    const turn = { remote, ...nextTurn(draft, turns, last) };
    let context = [...said, ...(output.items as Item[]).slice(since)];
    if (threshold !== null && exceeds(threshold, silentChat(draft, context, turn), call, target)) {
      const compacted = await compactContext(call, target, draft, context);
      if (compacted) {
        call.receipt.emulated.add("context_management");
        add(compacted);
        yield* news();
        since = output.items.length;
        said = compacted.context;
        context = compacted.context;
      }
    }
    for await (const batch of pieces(call, target, { draft, context, turn, guards })) {
      for (const piece of batch) {
        if (piece.model) response.model = piece.model;
        if (piece.finish_reason) reason = piece.finish_reason;
        if (piece.final && piece.usage) response.usage = addedUsage(response.usage, responseUsage(piece.usage));
        else output.add(piece);
      }
      yield* news();
    }
    output.finish(reason);
    yield* news();
    let made = false;
    for await (const _ of calls.make(call.context.signal)) {
      made = true;
      yield* news();
    }
    if (!made || last || output.waits || isCut(reason)) break;
    if (spent(draft)) {
      reason = "length";
      break;
    }
    if (turns === MAX_TURNS) throw engineFailed(`The model called tools ${MAX_TURNS} times without an answer.`);
  }
  response.output = output.items;
  end(response, reason);
}

/** Times that a model is asked for one response. */
const MAX_TURNS = 64;

function nextTurn({ request, response }: Draft, turns: number, exhausted: boolean): Omit<Turn, "remote"> {
  const { max_output_tokens: limit, tool_choice } = request;
  const maxOutputTokens = limit == null ? limit : limit - (response.usage?.output_tokens ?? 0);
  // A choice that forces a call has had it; again and again it would never end.
  const toolChoice = exhausted ? "none" : turns === 1 || tool_choice === "none" ? tool_choice : undefined;
  return { maxOutputTokens, toolChoice };
}

function spent({ request, response }: Draft): boolean {
  return request.max_output_tokens != null && (response.usage?.output_tokens ?? 0) >= request.max_output_tokens;
}

function isCut(reason: ChatFinishReason): boolean {
  return reason === "length" || reason === "content_filter";
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

interface Asking {
  readonly draft: Draft;
  readonly context: readonly Item[];
  readonly turn: Turn;
  readonly guards: readonly Guard[];
}

/** The chat's pieces; what is told of the asking is in this API's terms. */
async function* pieces(
  call: ModelCall,
  target: ResolvedModel,
  { draft, context, turn, guards }: Asking,
): AsyncGenerator<Batch<AnswerPiece>> {
  const { receipt, operation, services } = call;
  const asking = { ...receipt, usage: null, emulated: new Set<string>(), complete: false };
  const fits = (items: readonly Item[]) => chatFits(call, target, silentChat(draft, items, turn));
  const items = draft.request.truncation === "auto" ? truncated(context, fits) : context;
  if (items !== context) receipt.emulated.add("truncation");
  const places = placesOf({ ...draft, context: items }, receipt.emulated);
  const request = chatRequest(draft.request, items, places, turn);
  if (!target.engine.forward) checkItemMedia(items, places, draft.request.model);
  try {
    // What was said before counts too, so the size of the request tells nothing.
    assertChatFits({ services: call.services }, target, request);
    const asker = { operation, context: call.context, services, receipt: asking };
    for await (const batch of askChat(request, target, asker, { screen: { guards } })) {
      for (const name of asking.emulated) receipt.emulated.add(termOf(name));
      yield batch;
    }
  } catch (error) {
    throw inTerms(error);
  } finally {
    if (asking.asked) receipt.asked = true;
    if (asking.usage) receipt.usage = addUsage(receipt.usage, asking.usage);
  }
}
