import { isPromise } from "../awaitable.ts";
import { type Guard, heldBack } from "../engine/held-back.ts";
import { merge } from "../engine/merge.ts";
import { type Batch, eachBatch } from "../engine/pieces.ts";
import { addUsage } from "../ledger/usage.ts";
import type { ResolvedModel } from "../models/registry.ts";
import type { ChatCompletionRequest } from "../resources/chat/completions/chat-completions.schema.ts";
import type { ChatCompletion } from "../resources/chat/completions/chat-completions.types.ts";
import { assembleCompletion, type CompletionIdentity, startAssembly } from "./assemble-completion.ts";
import { type AnswerPiece, type ChatPiece, shownIn } from "./chat-pieces.ts";
import { type AskingCall, type PreparedChat, prepareChat } from "./prepare-chat.ts";

/** Is given an answer's pieces before they are passed on, and waited for before the last of them. */
export interface Witness {
  add(batch: Batch<AnswerPiece>): void;
  end(): Promise<void>;
}

/** Looks at what an answer says before it is sent. */
export interface Screen {
  /** Each holds every choice back until what it says has passed. */
  readonly guards: readonly Guard[];
  /** Is given the pieces that are sent. */
  add?(batch: Batch<AnswerPiece>): void;
  /** Waited for before the last piece; what is to be sent before that. */
  end?(): Promise<AnswerPiece | undefined>;
}

interface AskOptions {
  /** The same request, where it has been prepared already. */
  readonly prepared?: PreparedChat;
  readonly witness?: Witness | undefined;
  readonly screen?: Screen | undefined;
}

/**
 * Asks a chat model, whatever its engine: one that chats, or one whose far side speaks the protocol. Gives the pieces of
 * all choices, interleaved as they arrive, with what the engine lacks made up for and named in the receipt; the last
 * one carries the usage of the whole call.
 */
export async function* askChat(
  request: ChatCompletionRequest,
  target: ResolvedModel,
  call: AskingCall,
  { prepared, witness, screen }: AskOptions = {},
): AsyncGenerator<Batch<AnswerPiece>> {
  const chat = prepared ?? (await prepareChat(request, target, call));
  const guards = screen?.guards ?? [];
  const choices = Array.from({ length: request.n ?? 1 }, (_, index) =>
    guards.length > 0 ? guarded(chat, index, guards) : chat.pieces(index),
  );
  try {
    for await (const batch of merge(choices)) {
      if (chat.choice && guards.length === 0) for (const piece of batch) chat.meter.add(piece);
      screen?.add?.(batch);
      witness?.add(batch);
      yield batch;
    }
    const word = await screen?.end?.();
    if (word) {
      witness?.add([word]);
      yield [word];
    }
    const last = [lastPiece(chat, call)];
    witness?.add(last);
    await witness?.end();
    yield last;
  } finally {
    addMetered(chat, call);
  }
}

/** The same, put together: the non-streamed reply. A single choice needs no generators on its way. */
export async function completeChat(
  request: ChatCompletionRequest,
  target: ResolvedModel,
  call: AskingCall,
  identity: CompletionIdentity,
  screen?: Screen,
): Promise<ChatCompletion> {
  const preparing = prepareChat(request, target, call);
  const chat = isPromise(preparing) ? await preparing : preparing;
  const { choice } = chat;
  if (!choice || screen || (request.n ?? 1) > 1)
    return assembleCompletion(askChat(request, target, call, { prepared: chat, screen }), request, identity);
  const assembly = startAssembly(request, identity);
  try {
    const read = eachBatch(choice(0), call.context, (batch) => {
      for (const piece of batch) chat.meter.add(piece);
      assembly.add(batch);
    });
    if (isPromise(read)) await read;
    assembly.add([lastPiece(chat, call)]);
  } finally {
    addMetered(chat, call);
  }
  return assembly.completion();
}

/** A choice of which nothing is sent before it has passed. What the model says is counted all the same. */
function guarded({ choice, pieces, meter }: PreparedChat, index: number, guards: readonly Guard[]) {
  const said = choice ? counted(pieces(index), meter) : pieces(index);
  const blocked = (): ChatPiece => ({ index, finish_reason: "content_filter" });
  return guards.reduce((batches, guard) => heldBack(batches, guard, { said: shownIn, blocked }), said);
}

async function* counted(batches: AsyncIterable<Batch<ChatPiece>>, meter: PreparedChat["meter"]) {
  for await (const batch of batches) {
    for (const piece of batch) meter.add(piece);
    yield batch;
  }
}

function addMetered({ meter }: PreparedChat, { receipt }: AskingCall): void {
  const usage = meter.metered();
  if (usage) receipt.usage = addUsage(receipt.usage, usage);
}

/** The piece that follows all others. */
function lastPiece({ meter }: PreparedChat, { receipt }: AskingCall): AnswerPiece {
  if (meter.estimated) receipt.emulated.add("usage");
  receipt.complete = true;
  return { index: 0, usage: meter.usage(), final: true };
}
