import type { AskingCall } from "../chat/prepare-chat.ts";
import { moderateOf } from "../engine/chat-over-forward.ts";
import { engineFailed, modelCannot } from "../errors/catalogue.ts";
import { untilAborted } from "../http/abort.ts";
import { imagesAsData } from "../inputs/image-bytes.ts";
import type { Tokenizer } from "../ledger/tokenizer.ts";
import { type MeteredUsage, meterUsage } from "../ledger/usage.ts";
import type { ResolvedModel } from "../models/registry.ts";
import { noteSent } from "../observe/explanation.ts";
import type { ModerationPart, ModerationRequest } from "../resources/moderations/moderations.schema.ts";
import type { ModerationResult } from "../resources/moderations/moderations.types.ts";
import { moderationInputs } from "./verdict.ts";

type Input = ModerationRequest["input"];

/** Asks an engine that moderates, in its own way or over the protocol, and holds it to one result an input. */
export async function askModerator(
  target: ResolvedModel,
  input: Input,
  { context, services, operation, receipt }: AskingCall,
): Promise<{ results: ModerationResult[]; usage: MeteredUsage | null }> {
  const { engine, engineModel, id } = target;
  const moderate = moderateOf(engine);
  if (!moderate) throw modelCannot(id, operation.path);
  const seen = engine.images === "bytes" ? await withData(input, services.fetchImage, context.signal) : input;
  receipt.asked = true;
  const request = { model: engineModel, input: seen };
  if (receipt.explained) noteSent(receipt.explained, request);
  const answer = await untilAborted(Promise.resolve(moderate(request, context)), context.signal);
  if (!answer || !isResults(answer.results, moderationInputs(input).length)) {
    throw engineFailed("The model's answer is not one result for each input.");
  }
  return { results: [...answer.results], usage: meterUsage(answer.usage) ?? textUsage(input, services.tokenizer) };
}

/** The images of an input, and where they stand in it. */
export function imagesOf(input: Input): { url: string; param: string }[] {
  if (typeof input === "string") return [];
  return input.flatMap((part, index) =>
    typeof part === "object" && part.type === "image_url"
      ? [{ url: part.image_url.url, param: `input[${index}]` }]
      : [],
  );
}

async function withData(
  input: Input,
  fetchImage: AskingCall["services"]["fetchImage"],
  signal: AbortSignal,
): Promise<Input> {
  const sources = imagesOf(input).map(({ url, param }) => ({ url, param: `${param}.image_url.url` }));
  if (sources.length === 0) return input;
  const data = await imagesAsData(sources, fetchImage, signal);
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
export function textUsage(input: Input, tokenizer: Tokenizer): MeteredUsage | null {
  const texts = moderationInputs(input).flat();
  const tokens = texts.reduce((sum, part) => sum + (part.type === "text" ? tokenizer.count(part.text) : 0), 0);
  return meterUsage({ prompt_tokens: tokens }, true) ?? null;
}
