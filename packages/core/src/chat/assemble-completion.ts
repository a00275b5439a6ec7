import type { Receipt } from "../call.ts";
import type { Batch } from "../engine/pieces.ts";
import { newId, unixSeconds } from "../ids.ts";
import { usedTier } from "../instances/tier.ts";
import type { ChatCompletionRequest } from "../resources/chat/completions/chat-completions.schema.ts";
import type {
  ChatChoice,
  ChatCompletion,
  ChatDelta,
  ChatToolCall,
} from "../resources/chat/completions/chat-completions.types.ts";
import type { AnswerPiece, ChatPiece } from "./chat-pieces.ts";

/** What a completion is known by, in every event of a stream and in what is kept of it. */
export interface CompletionIdentity {
  id: string;
  /** Unix seconds. */
  created: number;
  /** What has answered. */
  tier: "scale" | "default";
}

export function newCompletionIdentity(receipt?: Pick<Receipt, "instance">): CompletionIdentity {
  return { id: newId("chatcmpl-"), created: unixSeconds(), tier: receipt ? usedTier(receipt) : "default" };
}

/** Puts pieces together, as they come, into the object that is the non-streamed reply. */
export interface CompletionAssembly {
  add(batch: Batch<AnswerPiece>): void;
  /** To be asked for once, after the last piece. */
  completion(): ChatCompletion;
}

export function startAssembly(request: ChatCompletionRequest, identity: CompletionIdentity): CompletionAssembly {
  const choices: ChatChoice[] = [];
  const completion: ChatCompletion = {
    id: identity.id,
    object: "chat.completion",
    created: identity.created,
    model: request.model,
    choices,
    ...(request.service_tier && { service_tier: identity.tier }),
  };
  return {
    add(batch) {
      for (const piece of batch) {
        if (piece.final) {
          if (piece.usage) completion.usage = piece.usage;
          continue;
        }
        if (piece.moderation) {
          completion.moderation = piece.moderation;
          if (!piece.delta && !piece.finish_reason) continue;
        }
        if (piece.model) completion.model = piece.model;
        if (piece.system_fingerprint) completion.system_fingerprint = piece.system_fingerprint;
        choices[piece.index] ??= emptyChoice(piece.index);
        addPiece(choices[piece.index] as ChatChoice, piece);
      }
    },
    completion() {
      for (const choice of choices) finishChoice(choice);
      return completion;
    },
  };
}

/** The non-streamed reply: the same object that a client would build from the stream. */
export async function assembleCompletion(
  batches: AsyncIterable<Batch<AnswerPiece>>,
  request: ChatCompletionRequest,
  identity: CompletionIdentity = newCompletionIdentity(),
): Promise<ChatCompletion> {
  const assembly = startAssembly(request, identity);
  for await (const batch of batches) assembly.add(batch);
  return assembly.completion();
}

function emptyChoice(index: number): ChatChoice {
  return {
    index,
    message: { role: "assistant", content: null, refusal: null, annotations: [] },
    logprobs: null,
    finish_reason: "stop",
  };
}

/** One choice, whole, with what its pieces say of their origin. */
export async function collectChoice(
  index: number,
  batches: AsyncIterable<Batch<ChatPiece>>,
): Promise<{ choice: ChatChoice; origin: Pick<ChatPiece, "model" | "system_fingerprint"> }> {
  const choice = emptyChoice(index);
  const origin: Pick<ChatPiece, "model" | "system_fingerprint"> = {};
  for await (const batch of batches) {
    for (const piece of batch) {
      if (piece.model) origin.model = piece.model;
      if (piece.system_fingerprint) origin.system_fingerprint = piece.system_fingerprint;
      addPiece(choice, piece);
    }
  }
  finishChoice(choice);
  return { choice, origin };
}

function addPiece(choice: ChatChoice, { delta, logprobs, finish_reason }: ChatPiece): void {
  const { message } = choice;
  if (finish_reason) choice.finish_reason = finish_reason;
  if (logprobs) {
    choice.logprobs ??= { content: null, refusal: null };
    choice.logprobs.content = joined(choice.logprobs.content, logprobs.content);
    choice.logprobs.refusal = joined(choice.logprobs.refusal, logprobs.refusal);
  }
  if (!delta) return;
  const { content, refusal, function_call, tool_calls } = delta;
  if (typeof content === "string") message.content = (message.content ?? "") + content;
  if (typeof refusal === "string") message.refusal = (message.refusal ?? "") + refusal;
  if (function_call) {
    message.function_call ??= { name: "", arguments: "" };
    message.function_call.name += function_call.name ?? "";
    message.function_call.arguments += function_call.arguments ?? "";
  }
  if (tool_calls) {
    message.tool_calls ??= [];
    for (const part of tool_calls) addToolCall(message.tool_calls, part);
  }
  // Nearly every piece has nothing else: to take the rest out of it would cost more than all of this.
  for (const key in delta) if (!ADDED.has(key)) Object.assign(message, { [key]: delta[key as keyof ChatDelta] });
}

/** What of a delta is added up, or stands in every message. */
const ADDED = new Set(["role", "content", "refusal", "function_call", "tool_calls"]);

/** Adds to the list that is there already: copying it for every piece would take quadratic time. */
function joined<Item>(list: Item[] | null, more: readonly Item[] | null | undefined): Item[] | null {
  if (!more) return list;
  if (!list) return [...more];
  for (const item of more) list.push(item);
  return list;
}

function addToolCall(calls: ChatToolCall[], part: NonNullable<ChatDelta["tool_calls"]>[number]): void {
  const known = calls[part.index];
  if (!known) {
    const { id = newId("call_") } = part;
    calls[part.index] = part.custom
      ? { id, type: "custom", custom: { name: part.custom.name ?? "", input: part.custom.input ?? "" } }
      : {
          id,
          type: "function",
          function: { name: part.function?.name ?? "", arguments: part.function?.arguments ?? "" },
        };
  } else if (known.type === "custom") {
    known.custom.input += part.custom?.input ?? "";
  } else {
    known.function.arguments += part.function?.arguments ?? "";
  }
}

function finishChoice(choice: ChatChoice): void {
  const { message } = choice;
  if (message.refusal === "") message.refusal = null;
  if (message.tool_calls) {
    message.tool_calls = message.tool_calls.filter(Boolean);
    if (message.content === "") message.content = null;
  }
  if (message.content === null && !message.tool_calls && !message.function_call && !message.refusal && !message.audio) {
    message.content = "";
  }
}
