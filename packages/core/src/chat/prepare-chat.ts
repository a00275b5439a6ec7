import type { Awaitable } from "../awaitable.ts";
import type { Call } from "../call.ts";
import { type Batch, type PieceSource, piecesOf, type Stage, stagedBatches } from "../engine/pieces.ts";
import { withImageData } from "../inputs/chat-inputs.ts";
import { withoutTier } from "../instances/tier.ts";
import type { Tokenizer } from "../ledger/tokenizer.ts";
import type { ResolvedModel } from "../models/registry.ts";
import { noteSent } from "../observe/explanation.ts";
import {
  type ChatCompletionRequest,
  chatCompletionRequest,
} from "../resources/chat/completions/chat-completions.schema.ts";
import type { ChatCompletion, ChatCompletionChunk } from "../resources/chat/completions/chat-completions.types.ts";
import { type ArrangedChat, arrangeChat } from "./arrange-chat.ts";
import { ChatMeter } from "./chat-meter.ts";
import { type ChatPiece, chatSource, counting, cutting } from "./chat-pieces.ts";
import { repairedPieces } from "./repair.ts";

/** What asking needs of the call on whose behalf it is done. */
export type AskingCall = Pick<Call, "operation" | "context" | "services" | "receipt">;

type ChatSource = PieceSource<ChatCompletion, ChatCompletionChunk, ChatPiece>;

/** A chat that is ready to be asked of its model. What is made up for is named in the receipt already. */
export interface PreparedChat {
  /** Asks for a choice that is sent as it comes; `null` where answers have to be read first, and may be asked for again. */
  readonly choice: ((index: number) => ChatSource) | null;
  /** A choice's pieces, ready to be sent. */
  readonly pieces: (index: number) => AsyncGenerator<Batch<ChatPiece>>;
  /** Has counted what was read before it is sent; whoever sends what comes adds it. */
  readonly meter: ChatMeter;
}

/** Waits for nothing but the images of an engine that cannot fetch them. */
export function prepareChat(
  request: ChatCompletionRequest,
  target: ResolvedModel,
  call: AskingCall,
): Awaitable<PreparedChat> {
  const arranged = arrangeChat(request, target, call);
  const { messages } = arranged.request;
  if (arranged.engine.images !== "bytes") return preparedChat(request, target, call, arranged, messages);
  return withImageData(messages, call.services.fetchImage, call.context.signal).then((seen) =>
    preparedChat(request, target, call, arranged, seen),
  );
}

function preparedChat(
  request: ChatCompletionRequest,
  target: ResolvedModel,
  { context, services, receipt }: AskingCall,
  { chat: ask, plan, cut, request: left }: ArrangedChat,
  messages: ChatCompletionRequest["messages"],
): PreparedChat {
  const chat: typeof ask = (asked, context) => {
    if (isFar(target)) receipt.asked = true;
    return ask(asked, context);
  };
  const { expected } = plan;
  const engineRequest: ChatCompletionRequest = { ...withoutTier(left, receipt), messages, model: target.engineModel };
  if (receipt.explained) noteSent(receipt.explained, engineRequest, chatCompletionRequest.shape);
  const { tokenizer } = services;
  const finishing = () => [...plan.finishing(), ...cutsOf(request, cut, tokenizer)];
  const meter = new ChatMeter(engineRequest, tokenizer);

  if (!expected) {
    const choice = (index: number) =>
      chatSource(index, () => chat(engineRequest, context), [...plan.stages(), ...finishing()]);
    return { choice, pieces: (index) => piecesOf(choice(index), context), meter };
  }
  const pieces = (index: number) => {
    const repaired = repairedPieces(index, engineRequest.messages, expected, (messages, attempt) => {
      const asked = { ...engineRequest, messages: [...messages] };
      const count = attempt === 0 ? (piece: ChatPiece) => meter.add(piece) : meter.again(asked);
      return piecesOf(
        chatSource(index, () => chat(asked, context), [counting(count), ...plan.stages()]),
        context,
      );
    });
    return stagedBatches(repaired, finishing());
  };
  return { choice: null, pieces, meter };
}

/** Whether a far side is asked: what it consumes for whoever does not wait for its answer, nobody else knows. */
function isFar({ engine }: ResolvedModel): boolean {
  return engine.forward !== undefined && engine.chat === undefined;
}

/** Cuts a choice where the engine, or what it was asked in the request's stead, does not. */
function cutsOf(request: ChatCompletionRequest, cut: ReadonlySet<string>, tokenizer: Tokenizer): Stage<ChatPiece>[] {
  if (cut.size === 0) return [];
  const stop = cut.has("stop") ? [request.stop ?? []].flat() : [];
  const limited = cut.has("max_tokens") || cut.has("max_completion_tokens");
  const maxTokens = (limited && (request.max_completion_tokens ?? request.max_tokens)) || Number.POSITIVE_INFINITY;
  return [cutting({ stop, maxTokens, tokenizer })];
}
