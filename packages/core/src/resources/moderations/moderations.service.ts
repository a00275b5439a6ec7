import type { Call } from "../../call.ts";
import { parametersToEmulate } from "../../engine/parameters.ts";
import { relay } from "../../engine/relay.ts";
import { modelCannot, noModeration } from "../../errors/catalogue.ts";
import { unsupportedContent } from "../../errors/inputs.ts";
import type { Reply } from "../../http/exchange.ts";
import { newId } from "../../ids.ts";
import { createMediaCheck } from "../../inputs/media-check.ts";
import { addUsage } from "../../ledger/usage.ts";
import type { ResolvedModel } from "../../models/registry.ts";
import { resolveModel } from "../../models/resolve-model.ts";
import { askModerator, imagesOf, textUsage } from "../../moderation/ask-moderator.ts";
import { isModerationModel, isOlderModel } from "../../moderation/categories.ts";
import { judgeAll } from "../../moderation/judge-all.ts";
import { moderationInputs } from "../../moderation/verdict.ts";
import { jsonReply } from "../../pipeline/reply.ts";
import { type ModerationRequest, moderationRequest } from "./moderations.schema.ts";
import type { ModerationList } from "./moderations.types.ts";

export const DEFAULT_MODEL = "omni-moderation-latest";
/** What the service takes in one input. */
const MAX_IMAGES = 1;

/** https://platform.openai.com/docs/api-reference/moderations/create */
export async function createModeration(call: Call<ModerationRequest>): Promise<Reply> {
  const { services, body } = call;
  const model = body.model ?? DEFAULT_MODEL;
  const mounted = services.models.has(model);
  if (!mounted && services.moderation && isModerationModel(model)) return jsonReply(await judged(call, model));
  if (!mounted && !services.models.fallback) throw noModeration(model);

  const target = resolveModel(call, model);
  const { engine } = target;
  if (engine.forward) return forwarded({ ...call, body: { ...body, model } }, target);
  if (!engine.moderate) throw isModerationModel(model) ? noModeration(model) : modelCannot(model, call.operation.path);
  return jsonReply(await moderated(call, target));
}

async function forwarded(call: Call<ModerationRequest & { model: string }>, target: ResolvedModel): Promise<Reply> {
  const reply = await relay(call, target);
  call.receipt.usage ??= textUsage(call.body.input, call.services.tokenizer);
  return reply;
}

/** By an engine that moderates. */
async function moderated(call: Call<ModerationRequest>, target: ResolvedModel): Promise<ModerationList> {
  checkRequest(call.body, target);
  const { results, usage } = await askModerator(target, call.body.input, call);
  call.receipt.usage = usage;
  return { id: newId("modr-"), model: target.id, results };
}

/** By the chat model that the host has named. */
async function judged(call: Call<ModerationRequest>, model: string): Promise<ModerationList> {
  const { services, receipt, body, principal } = call;
  const { model: judgeId, thresholds } = services.moderation as NonNullable<typeof services.moderation>;
  const target = services.models.resolve(judgeId, principal);
  receipt.model = model;
  receipt.snapshot = target.snapshot;
  checkRequest(body, { ...target, id: model });
  receipt.emulated.add("moderation");
  const results = await judgeAll(moderationInputs(body.input), {
    model,
    target,
    thresholds,
    call,
    metered(usage) {
      receipt.usage = addUsage(receipt.usage, usage);
    },
  });
  return { id: newId("modr-"), model, results };
}

function checkRequest(request: ModerationRequest, { id, capabilities }: ResolvedModel): void {
  parametersToEmulate(request, moderationRequest.shape, undefined, [], []);
  const check = createMediaCheck(id, { param: "input", maxImages: MAX_IMAGES });
  for (const { url, param } of imagesOf(request.input)) {
    if (isOlderModel(id) || capabilities.vision === false) throw unsupportedContent("image_url", param);
    check.image(url, `${param}.image_url.url`);
  }
}
