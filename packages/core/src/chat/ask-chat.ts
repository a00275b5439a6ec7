import type { Call } from "../call.ts";
import { chattingEngine } from "../engine/chat-over-complete.ts";
import { chatOf } from "../engine/chat-over-forward.ts";
import { merge } from "../engine/merge.ts";
import { parametersToEmulate, requestWithout } from "../engine/parameters.ts";
import { type Batch, type Stage, stagedBatches } from "../engine/pieces.ts";
import { modelCannot } from "../errors/catalogue.ts";
import { withImageData } from "../inputs/chat-inputs.ts";
import type { Tokenizer } from "../ledger/tokenizer.ts";
import type { ResolvedModel } from "../models/registry.ts";
import {
  type ChatCompletionRequest,
  chatCompletionRequest,
} from "../resources/chat/completions/chat-completions.schema.ts";
import { ChatMeter } from "./chat-meter.ts";
import { type AnswerPiece, type ChatPiece, chatPieces, counting, cutting } from "./chat-pieces.ts";
import { PLANNED, planChat } from "./plan-chat.ts";
import { repairedPieces } from "./repair.ts";

/** What core cuts in an engine's stead. */
const CUT = ["stop", "max_tokens", "max_completion_tokens"];
const EMULATED = [...CUT, ...PLANNED];
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
  target: ResolvedModel,
  { operation, context, services, receipt }: AskingCall,
): AsyncGenerator<Batch<AnswerPiece>> {
  const { engineModel, capabilities } = target;
  const engine = chattingEngine(target.engine, capabilities);
  if (engine !== target.engine) receipt.emulated.add("messages");
  const chat = chatOf(engine);
  if (!chat) throw modelCannot(request.model, operation.path);
  const honoured = engine.honours?.chat;
  // A far side that speaks the protocol may know parameters that core does not.
  const documented = engine.chat ? chatCompletionRequest.shape : request;
  const missing = parametersToEmulate(request, documented, honoured, CORE, EMULATED);
  const plan = planChat(request, { honoured, capabilities });
  const cut = new Set(CUT.filter((name) => missing.has(name)));
  // Stop sequences are for what the client reads, not for the form that it comes in.
  if (plan.expected && request.stop?.length) cut.add("stop");
  for (const name of [...cut, ...plan.emulated]) receipt.emulated.add(name);

  const whole = plan.expected && { stream: false };
  const left = requestWithout(plan.request, ["n", ...cut, ...(whole ? ["stream_options"] : [])]);
  const messages =
    engine.images === "bytes" ? await withImageData(left.messages, services.fetchImage, context.signal) : left.messages;
  const engineRequest: ChatCompletionRequest = { ...left, ...whole, messages, model: engineModel };
  const { tokenizer } = services;
  const finishing = () => [...plan.finishing(), ...cutsOf(request, cut, tokenizer)];
  const meter = new ChatMeter(engineRequest, tokenizer);

  const choices = Array.from({ length: request.n ?? 1 }, (_, index) => {
    if (!plan.expected) {
      return chatPieces(index, () => chat(engineRequest, context), [...plan.stages(), ...finishing()], context);
    }
    const pieces = repairedPieces(index, engineRequest.messages, plan.expected, (messages, attempt) => {
      const asked = { ...engineRequest, messages: [...messages] };
      const count = attempt === 0 ? (piece: ChatPiece) => meter.add(piece) : meter.again(asked);
      return chatPieces(index, () => chat(asked, context), [counting(count), ...plan.stages()], context);
    });
    return stagedBatches(pieces, finishing());
  });

  try {
    for await (const batch of merge(choices)) {
      if (!plan.expected) for (const piece of batch) meter.add(piece);
      yield batch;
    }
    if (meter.estimated) receipt.emulated.add("usage");
    receipt.complete = true;
    yield [{ index: 0, usage: meter.usage(), final: true }];
  } finally {
    receipt.usage = meter.metered();
  }
}

/** Cuts a choice where the engine, or what it was asked in the request's stead, does not. */
function cutsOf(request: ChatCompletionRequest, cut: ReadonlySet<string>, tokenizer: Tokenizer): Stage<ChatPiece>[] {
  if (cut.size === 0) return [];
  const stop = cut.has("stop") ? [request.stop ?? []].flat() : [];
  const limited = cut.has("max_tokens") || cut.has("max_completion_tokens");
  const maxTokens = (limited && (request.max_completion_tokens ?? request.max_tokens)) || Number.POSITIVE_INFINITY;
  return [cutting({ stop, maxTokens, tokenizer })];
}
