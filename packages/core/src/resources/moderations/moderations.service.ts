import type { Call } from "../../call.ts";
import { parametersToEmulate } from "../../engine/parameters.ts";
import { relay } from "../../engine/relay.ts";
import { engineFailed, invalidRequest, modelCannot, noModeration } from "../../errors/catalogue.ts";
import { unsupportedContent } from "../../errors/inputs.ts";
import { untilAborted } from "../../http/abort.ts";
import type { Reply } from "../../http/exchange.ts";
import { newId } from "../../ids.ts";
import { imagesAsData } from "../../inputs/image-bytes.ts";
import { createMediaCheck } from "../../inputs/media-check.ts";
import { addUsage, type MeteredUsage, meterUsage } from "../../ledger/usage.ts";
import type { ResolvedModel } from "../../models/registry.ts";
import { resolveModel } from "../../models/resolve-model.ts";
import { isModerationModel, isOlderModel } from "../../moderation/categories.ts";
import { judge } from "../../moderation/judge.ts";
import { moderationInputs, verdict } from "../../moderation/verdict.ts";
import { jsonReply } from "../../pipeline/reply.ts";
import { type ModerationPart, type ModerationRequest, moderationRequest } from "./moderations.schema.ts";
import type { ModerationList, ModerationResult } from "./moderations.types.ts";

export const DEFAULT_MODEL = "omni-moderation-latest";
/** What the service takes in one input. */
const MAX_IMAGES = 1;
/** Each is a chat of its own with the model that judges. */
const MAX_JUDGED = 64;
const JUDGED_AT_ONCE = 8;

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
  call.receipt.usage ??= textUsage(call);
  return reply;
}

/** By an engine that moderates. */
async function moderated(call: Call<ModerationRequest>, target: ResolvedModel): Promise<ModerationList> {
  const { body, context, receipt } = call;
  const { engine, engineModel, id } = target;
  checkRequest(body, target);
  const input = engine.images === "bytes" ? await withData(call) : body.input;
  receipt.asked = true;
  const answer = await untilAborted(
    Promise.resolve(engine.moderate?.({ model: engineModel, input }, context)),
    context.signal,
  );
  if (!answer || !isResults(answer.results, moderationInputs(body.input).length)) {
    throw engineFailed("The model's answer is not one result for each input.");
  }
  receipt.usage = meterUsage(answer.usage) ?? textUsage(call);
  return { id: newId("modr-"), model: id, results: [...answer.results] };
}

/** By the chat model that the host has named. */
async function judged(call: Call<ModerationRequest>, model: string): Promise<ModerationList> {
  const { services, receipt, body, principal, context } = call;
  const inputs = moderationInputs(body.input);
  const { model: judgeId, thresholds } = services.moderation as NonNullable<typeof services.moderation>;
  const target = services.models.resolve(judgeId, principal);
  receipt.model = model;
  receipt.snapshot = target.snapshot;
  checkRequest(body, { ...target, id: model });
  if (inputs.length > MAX_JUDGED) {
    const expected = `Expected an array with maximum length ${MAX_JUDGED}, but got an array with length ${inputs.length} instead.`;
    throw invalidRequest(`Invalid 'input': array too long. ${expected}`, "input", "array_above_max_length");
  }
  receipt.emulated.add("moderation");
  const meter = (usage: MeteredUsage) => {
    receipt.usage = addUsage(receipt.usage, usage);
  };
  // The first failure ends the others, too: there will be no answer.
  const others = new AbortController();
  const signal = AbortSignal.any([context.signal, others.signal]);
  const asking = { ...call, context: { ...context, signal } };
  const results: ModerationResult[] = [];
  let next = 0;
  const work = async () => {
    for (let index = next++; index < inputs.length; index = next++) {
      const parts = inputs[index] as readonly ModerationPart[];
      const scores = await judge(parts, target, asking, meter);
      results[index] = verdict({ model, parts, scores, ...(thresholds && { thresholds }) });
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(JUDGED_AT_ONCE, inputs.length) }, work));
  } finally {
    others.abort();
  }
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

function imagesOf(input: ModerationRequest["input"]): { url: string; param: string }[] {
  if (typeof input === "string") return [];
  return input.flatMap((part, index) =>
    typeof part === "object" && part.type === "image_url"
      ? [{ url: part.image_url.url, param: `input[${index}]` }]
      : [],
  );
}

async function withData({ body, services, context }: Call<ModerationRequest>): Promise<ModerationRequest["input"]> {
  const { input } = body;
  const sources = imagesOf(input).map(({ url, param }) => ({ url, param: `${param}.image_url.url` }));
  if (sources.length === 0) return input;
  const data = await imagesAsData(sources, services.fetchImage, context.signal);
  return (input as ModerationPart[]).map((part) =>
    part.type === "image_url"
      ? { ...part, image_url: { url: data.get(part.image_url.url) ?? part.image_url.url } }
      : part,
  );
}

function isResults(results: unknown, count: number): boolean {
  return (
    Array.isArray(results) &&
    results.length === count &&
    results.every((result) => typeof result?.flagged === "boolean" && typeof result.category_scores === "object")
  );
}

/** Where nobody reports what a moderation consumed: its texts, counted. */
function textUsage({ body, services }: Call<ModerationRequest>): MeteredUsage | null {
  const texts = moderationInputs(body.input).flat();
  const tokens = texts.reduce((sum, part) => sum + (part.type === "text" ? services.tokenizer.count(part.text) : 0), 0);
  return meterUsage({ prompt_tokens: tokens }, true) ?? null;
}
