import { SSE_DONE, sseData } from "../../../http/sse.ts";
import { newId, unixSeconds } from "../../../ids.ts";
import type { CompletionUsage } from "../../../ledger/usage.ts";
import { obfuscation } from "../../obfuscation.ts";
import type { ChatPiece } from "./chat-completions.choice.ts";
import type { ChatCompletionRequest } from "./chat-completions.schema.ts";
import type {
  ChatChoice,
  ChatChunkChoice,
  ChatCompletion,
  ChatCompletionChunk,
  ChatDelta,
  ChatToolCall,
} from "./chat-completions.types.ts";

/** A piece of the choice `index`. The one with `final` follows all others and has the call's usage. */
export interface IndexedPiece extends ChatPiece {
  index: number;
  final?: boolean;
}

/** The event stream of https://platform.openai.com/docs/api-reference/chat-streaming */
export async function* chatEvents(
  pieces: AsyncIterable<IndexedPiece>,
  request: ChatCompletionRequest,
): AsyncGenerator<string> {
  const includeUsage = request.stream_options?.include_usage === true;
  const obfuscate = request.stream_options?.include_obfuscation !== false;
  const head = { id: newId("chatcmpl-"), created: unixSeconds() };
  const opened = new Set<number>();

  const event = (piece: IndexedPiece, choices: ChatChunkChoice[], usage: CompletionUsage | null, text: string) => {
    const chunk: ChatCompletionChunk & { obfuscation?: string } = {
      id: head.id,
      object: "chat.completion.chunk",
      created: head.created,
      model: piece.model ?? request.model,
      ...(request.service_tier && { service_tier: "default" }),
      ...(piece.system_fingerprint && { system_fingerprint: piece.system_fingerprint }),
      choices,
      ...(includeUsage && { usage }),
      ...(obfuscate && { obfuscation: obfuscation(text) }),
    };
    return sseData(JSON.stringify(chunk));
  };

  for await (const piece of pieces) {
    const { index, delta, logprobs = null, finish_reason } = piece;
    if (piece.final) {
      if (includeUsage) yield event(piece, [], piece.usage ?? null, "");
      yield SSE_DONE;
      return;
    }
    if (!opened.has(index)) {
      opened.add(index);
      yield event(
        piece,
        [{ index, delta: { role: "assistant", content: "", refusal: null }, logprobs: null, finish_reason: null }],
        null,
        "",
      );
    }
    const rest = delta && withoutNothing(delta);
    if (rest) yield event(piece, [{ index, delta: rest, logprobs, finish_reason: null }], null, rest.content ?? "");
    if (finish_reason) yield event(piece, [{ index, delta: {}, logprobs: null, finish_reason }], null, "");
  }
}

/** A delta with only what it says; `undefined` when it says nothing that the opening chunk has not said. */
function withoutNothing(delta: ChatDelta): ChatDelta | undefined {
  const { role: _role, ...said } = delta;
  const entries = Object.entries(said).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** Puts the pieces together into the non-streamed reply: the same object that a client would build from the stream. */
export async function assembleCompletion(
  pieces: AsyncIterable<IndexedPiece>,
  request: ChatCompletionRequest,
): Promise<ChatCompletion> {
  const choices: ChatChoice[] = [];
  const completion: ChatCompletion = {
    id: newId("chatcmpl-"),
    object: "chat.completion",
    created: unixSeconds(),
    model: request.model,
    choices,
    ...(request.service_tier && { service_tier: "default" }),
  };
  for await (const piece of pieces) {
    if (piece.final) {
      if (piece.usage) completion.usage = piece.usage;
      continue;
    }
    if (piece.model) completion.model = piece.model;
    if (piece.system_fingerprint) completion.system_fingerprint = piece.system_fingerprint;
    choices[piece.index] ??= {
      index: piece.index,
      message: { role: "assistant", content: null, refusal: null, annotations: [] },
      logprobs: null,
      finish_reason: "stop",
    };
    addPiece(choices[piece.index] as ChatChoice, piece);
  }
  for (const choice of choices) finishChoice(choice);
  return completion;
}

function addPiece(choice: ChatChoice, { delta, logprobs, finish_reason }: ChatPiece): void {
  const { message } = choice;
  if (finish_reason) choice.finish_reason = finish_reason;
  if (logprobs) {
    choice.logprobs ??= { content: null, refusal: null };
    if (logprobs.content) choice.logprobs.content = [...(choice.logprobs.content ?? []), ...logprobs.content];
    if (logprobs.refusal) choice.logprobs.refusal = [...(choice.logprobs.refusal ?? []), ...logprobs.refusal];
  }
  if (!delta) return;
  const { role: _role, content, refusal, function_call, tool_calls, ...rest } = delta;
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
  Object.assign(message, rest);
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
  if (message.tool_calls) {
    message.tool_calls = message.tool_calls.filter(Boolean);
    if (message.content === "") message.content = null;
  }
  if (message.content === null && !message.tool_calls && !message.function_call && !message.refusal && !message.audio) {
    message.content = "";
  }
}
