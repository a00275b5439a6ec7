import type { Call } from "../call.ts";
import { chattingEngine } from "../engine/chat-over-complete.ts";
import { chatOf } from "../engine/chat-over-forward.ts";
import { merge } from "../engine/merge.ts";
import { parametersToEmulate, requestWithout } from "../engine/parameters.ts";
import type { Batch } from "../engine/pieces.ts";
import { modelCannot } from "../errors/catalogue.ts";
import { withImageData } from "../inputs/chat-inputs.ts";
import { countChatPrompt } from "../ledger/count-chat.ts";
import { UsageMeter } from "../ledger/usage-meter.ts";
import type { ResolvedModel } from "../models/registry.ts";
import {
  type ChatCompletionRequest,
  chatCompletionRequest,
} from "../resources/chat/completions/chat-completions.schema.ts";
import { type AnswerPiece, chatPieces, cutting, requiringJson, saidIn } from "./chat-pieces.ts";

/** What core honours in an engine's stead. */
const EMULATED = ["stop", "max_tokens", "max_completion_tokens"];
/** What core sees to itself, whatever the engine: it asks an engine for one choice at a time. */
const CORE = ["model", "messages", "stream", "stream_options", "n"];

/** What asking needs of the call on whose behalf it is done. */
export type AskingCall = Pick<Call, "operation" | "context" | "services" | "receipt">;

/**
 * Asks a chat model, whatever its engine: one that chats, or one whose far side speaks the protocol. Gives the pieces of
 * all choices, interleaved as they arrive, with what the engine lacks made up for and named in the receipt; the last
 * one carries the usage of the whole call.
 */
export async function* askChat(
  request: ChatCompletionRequest,
  { engine: own, engineModel, capabilities }: ResolvedModel,
  { operation, context, services, receipt }: AskingCall,
): AsyncGenerator<Batch<AnswerPiece>> {
  const engine = chattingEngine(own, capabilities);
  if (engine !== own) receipt.emulated.add("messages");
  const chat = chatOf(engine);
  if (!chat) throw modelCannot(request.model, operation.path);
  // A far side that speaks the protocol may know parameters that core does not.
  const documented = engine.chat ? chatCompletionRequest.shape : request;
  const missing = parametersToEmulate(request, documented, engine.honours?.chat, CORE, EMULATED);
  for (const name of missing) receipt.emulated.add(name);

  const messages =
    engine.images === "bytes"
      ? await withImageData(request.messages, services.fetchImage, context.signal)
      : request.messages;
  const engineRequest = { ...requestWithout(request, ["n", ...missing]), messages, model: engineModel };
  const cut = {
    stop: missing.has("stop") ? [request.stop ?? []].flat() : [],
    maxTokens:
      missing.has("max_tokens") || missing.has("max_completion_tokens")
        ? tokenLimit(request)
        : Number.POSITIVE_INFINITY,
    tokenizer: services.tokenizer,
  };
  const cuts = cut.stop.length > 0 || cut.maxTokens !== Number.POSITIVE_INFINITY;
  const wantsJson = request.response_format !== undefined && request.response_format.type !== "text";

  const choices = Array.from({ length: request.n ?? 1 }, (_, index) => {
    const stages = [...(wantsJson ? [requiringJson()] : []), ...(cuts ? [cutting(cut)] : [])];
    return chatPieces(index, () => chat(engineRequest, context), stages, context);
  });

  const countPrompt = () => countChatPrompt({ ...engineRequest, tools: request.tools }, services.tokenizer);
  const meter = new UsageMeter({ tokenizer: services.tokenizer, prompts: [countPrompt], promptOf: () => 0 });
  try {
    for await (const batch of merge(choices)) {
      for (const piece of batch) meter.add(piece.index, saidIn(piece), piece.usage);
      yield batch;
    }
    if (meter.estimated) receipt.emulated.add("usage");
    receipt.complete = true;
    yield [{ index: 0, usage: meter.usage(), final: true }];
  } finally {
    receipt.usage = meter.metered();
  }
}

function tokenLimit(request: ChatCompletionRequest): number {
  return request.max_completion_tokens ?? request.max_tokens ?? Number.POSITIVE_INFINITY;
}
