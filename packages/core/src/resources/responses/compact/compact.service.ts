import type { Call } from "../../../call.ts";
import { refuseUnknown } from "../../../engine/parameters.ts";
import { invalidRequest, missingParameter, unsupportedParameter } from "../../../errors/catalogue.ts";
import type { Reply } from "../../../http/exchange.ts";
import { newId, unixSeconds } from "../../../ids.ts";
import type { Item } from "../../../items/item.types.ts";
import type { ResolvedModel } from "../../../models/registry.ts";
import { resolveModel } from "../../../models/resolve-model.ts";
import { jsonReply } from "../../../pipeline/reply.ts";
import { isUserMessage } from "../compaction/compacted.ts";
import { sealCompaction } from "../compaction/state.ts";
import { summarise } from "../compaction/summarise.ts";
import { refuseUnseenItems } from "../over-chat/check-media.ts";
import { modelContext } from "../responses.context.ts";
import { isTriggered, placesOf, readContext } from "../responses.draft.ts";
import { itemIds } from "../responses.ids.ts";
import { responseUsage } from "../responses.object.ts";
import { refuseOrphans } from "../responses.refuse.ts";
import { compactByEngine } from "./compact.by-engine.ts";
import { type CompactRequest, compactRequest } from "./compact.schema.ts";
import type { CompactedResponse, KeptMessage } from "./compact.types.ts";

/** What is compacted, as it was said and as a model reads it. */
export interface Long {
  readonly id: string;
  readonly request: CompactRequest & { model: string };
  readonly before: readonly Item[];
  readonly input: Item[];
  readonly context: readonly Item[];
}

/**
 * Nothing is stored: the client goes on with what it gets.
 * https://platform.openai.com/docs/api-reference/responses/compact
 */
export async function compactConversation(call: Call<CompactRequest>): Promise<Reply> {
  const { body } = call;
  if (body.model == null) throw missingParameter("model");
  const request = { ...body, model: body.model };
  if (request.input == null && !request.previous_response_id) {
    const message = "One of 'input' or 'previous_response_id' must be provided.";
    throw invalidRequest(message, "input", "missing_required_parameter");
  }
  if (Array.isArray(request.input) && isTriggered({ input: request.input })) {
    const message = "Input items of type 'compaction_trigger' are for 'POST /responses'.";
    throw invalidRequest(message, `input[${request.input.length - 1}].type`, "invalid_value");
  }
  const target = resolveModel(call, request.model);
  const forward = target.engine.responses ? target.engine.forward?.bind(target.engine) : undefined;
  if (!forward) refuseUnsupported(request);
  const id = newId("resp_");
  const { before, input } = await readContext(call, request, id);
  const context = await modelContext(call, before, input);
  refuseOrphans(context);
  refuseUnseenItems(context, placesOf({ request, context, input }, new Set()), target.capabilities);
  const long = { id, request, before, input, context };
  const made = forward ? await compactByEngine(call, forward, target, long) : await compactOverChat(call, target, long);
  call.receipt.complete = true;
  return jsonReply(made);
}

function refuseUnsupported(request: Long["request"]): void {
  refuseUnknown(request, compactRequest.shape);
  if (request.image?.context_compression === "enabled") {
    throw unsupportedParameter("image.context_compression", request.model);
  }
}

async function compactOverChat(call: Call, target: ResolvedModel, long: Long): Promise<CompactedResponse> {
  const { id, request, before, input, context } = long;
  const { instructions, model, prompt_cache_key, prompt_cache_options, prompt_cache_retention, service_tier } = request;
  const asked = { instructions, model, prompt_cache_key, prompt_cache_retention, service_tier };
  const cache = prompt_cache_options ? { prompt_cache_options } : {};
  const { receipt } = call;
  receipt.emulated.add("compaction");
  const places = placesOf({ request: { ...request }, context, input }, receipt.emulated);
  const summary = await summarise(call, target, { ...asked, ...cache }, { items: context, places });
  const encrypted_content = await sealCompaction(call, { summary: summary.text, covers: "work" });
  const kept = [...before, ...input].filter(isUserMessage) as KeptMessage[];
  const compaction = { id: itemIds(id).next("compaction"), type: "compaction", encrypted_content } as const;
  return {
    id,
    object: "response.compaction",
    created_at: unixSeconds(),
    output: [...kept, compaction],
    usage: responseUsage(summary.usage),
  };
}
