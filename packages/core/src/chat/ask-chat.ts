import { merge } from "../engine/merge.ts";
import { type Batch, eachBatch } from "../engine/pieces.ts";
import type { ResolvedModel } from "../models/registry.ts";
import type { ChatCompletionRequest } from "../resources/chat/completions/chat-completions.schema.ts";
import type { ChatCompletion } from "../resources/chat/completions/chat-completions.types.ts";
import { assembleCompletion, type CompletionIdentity, startAssembly } from "./assemble-completion.ts";
import type { AnswerPiece } from "./chat-pieces.ts";
import { type AskingCall, type PreparedChat, prepareChat } from "./prepare-chat.ts";

/** Is given an answer's pieces before they are passed on, and waited for before the last of them. */
export interface Witness {
  add(batch: Batch<AnswerPiece>): void;
  end(): Promise<void>;
}

/**
 * Asks a chat model, whatever its engine: one that chats, or one whose far side speaks the protocol. Gives the pieces of
 * all choices, interleaved as they arrive, with what the engine lacks made up for and named in the receipt; the last
 * one carries the usage of the whole call.
 *
 * @param options.prepared the same request, where it has been prepared already
 */
export async function* askChat(
  request: ChatCompletionRequest,
  target: ResolvedModel,
  call: AskingCall,
  { prepared, witness }: { prepared?: PreparedChat; witness?: Witness | undefined } = {},
): AsyncGenerator<Batch<AnswerPiece>> {
  const chat = prepared ?? (await prepareChat(request, target, call));
  const choices = Array.from({ length: request.n ?? 1 }, (_, index) => chat.pieces(index));
  try {
    for await (const batch of merge(choices)) {
      if (chat.choice) for (const piece of batch) chat.meter.add(piece);
      witness?.add(batch);
      yield batch;
    }
    const last = [lastPiece(chat, call)];
    witness?.add(last);
    await witness?.end();
    yield last;
  } finally {
    call.receipt.usage = chat.meter.metered();
  }
}

/** The same, put together: the non-streamed reply. A single choice needs no generators on its way. */
export async function completeChat(
  request: ChatCompletionRequest,
  target: ResolvedModel,
  call: AskingCall,
  identity: CompletionIdentity,
): Promise<ChatCompletion> {
  const chat = await prepareChat(request, target, call);
  const { choice } = chat;
  if (!choice || (request.n ?? 1) > 1)
    return assembleCompletion(askChat(request, target, call, { prepared: chat }), request, identity);
  const assembly = startAssembly(request, identity);
  try {
    await eachBatch(choice(0), call.context, (batch) => {
      for (const piece of batch) chat.meter.add(piece);
      assembly.add(batch);
    });
    assembly.add([lastPiece(chat, call)]);
  } finally {
    call.receipt.usage = chat.meter.metered();
  }
  return assembly.completion();
}

/** The piece that follows all others. */
function lastPiece({ meter }: PreparedChat, { receipt }: AskingCall): AnswerPiece {
  if (meter.estimated) receipt.emulated.add("usage");
  receipt.complete = true;
  return { index: 0, usage: meter.usage(), final: true };
}
