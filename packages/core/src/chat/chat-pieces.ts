import type { EngineAnswer } from "../engine/engine.ts";
import { choiceIn, firstChoice, type PieceSource, type Stage } from "../engine/pieces.ts";
import { TextCutter, type TextCutterOptions } from "../engine/text-cutter.ts";
import type { CompletionUsage } from "../ledger/usage.ts";
import { textsIn } from "../moderation/content.ts";
import type {
  ChatChoice,
  ChatCompletion,
  ChatCompletionChunk,
  ChatDelta,
  ChatFinishReason,
  ChatLogprobs,
  ChatModeration,
} from "../resources/chat/completions/chat-completions.types.ts";
import { checkDelta, checkMessage } from "./check-answer.ts";

/** A piece of the choice `index`; the common form of whole and streamed engine answers. */
export interface ChatPiece {
  index: number;
  delta?: ChatDelta | undefined;
  logprobs?: ChatLogprobs | null | undefined;
  finish_reason?: ChatFinishReason | null | undefined;
  usage?: CompletionUsage | null | undefined;
  moderation?: ChatModeration | null | undefined;
  /** The model that the engine says answered. */
  model?: string | undefined;
  system_fingerprint?: string | undefined;
}

/** A piece of a choice, or the one with `final` that follows all others and has the call's usage. */
export interface AnswerPiece extends ChatPiece {
  final?: boolean;
}

/** Where a choice's pieces come from. */
export function chatSource(
  index: number,
  ask: () => EngineAnswer<ChatCompletion, ChatCompletionChunk>,
  stages: readonly Stage<ChatPiece>[],
): PieceSource<ChatCompletion, ChatCompletionChunk, ChatPiece> {
  const ofChunk = ({ choices, usage, model, system_fingerprint, moderation }: ChatCompletionChunk): ChatPiece => {
    const choice = choiceIn(choices);
    checkDelta(choice?.delta);
    return {
      index,
      delta: choice?.delta,
      logprobs: choice?.logprobs,
      finish_reason: choice?.finish_reason,
      usage,
      model,
      system_fingerprint,
      moderation,
    };
  };
  return { ask, stages, ofChunk, ofWhole: (whole) => wholePiece(index, whole) };
}

function wholePiece(
  index: number,
  { choices, usage, model, system_fingerprint, moderation }: ChatCompletion,
): ChatPiece {
  const { message, logprobs, finish_reason } = firstChoice(choices);
  checkMessage(message);
  // Where nothing is called, a message says the same as a delta.
  const calls = "tool_calls" in message || "function_call" in message;
  const delta = calls ? deltaOfCalls(message) : (message as ChatDelta);
  return { index, delta, logprobs, finish_reason, usage, model, system_fingerprint, moderation };
}

function deltaOfCalls({ tool_calls, function_call, ...rest }: ChatChoice["message"]): ChatDelta {
  return {
    ...rest,
    ...(function_call && { function_call }),
    ...(tool_calls && { tool_calls: tool_calls.map((call, at) => ({ index: at, ...call })) }),
  };
}

/** What a piece says, as one text: for counting where an engine does not. */
export function saidIn({ delta }: ChatPiece): string {
  if (!delta) return "";
  let text = delta.content ?? "";
  if (delta.refusal) text += delta.refusal;
  for (const call of delta.tool_calls ?? []) {
    text +=
      (call.function?.name ?? "") +
      (call.function?.arguments ?? "") +
      (call.custom?.name ?? "") +
      (call.custom?.input ?? "");
  }
  const { function_call } = delta;
  return function_call ? text + (function_call.name ?? "") + (function_call.arguments ?? "") : text;
}

/** The same with whatever else a piece lets a reader see: thoughts, a transcript, and what is not known here. */
export function shownIn(piece: ChatPiece): string {
  const said = saidIn(piece);
  if (!piece.delta) return said;
  const { role: _r, content: _c, refusal: _f, tool_calls: _t, function_call: _n, ...rest } = piece.delta;
  const more = textsIn(rest);
  return more.length === 0 ? said : said + more.join(" ");
}

/** Cuts one choice's text at a stop sequence or a token limit. */
export function cutting(options: TextCutterOptions): Stage<ChatPiece> {
  const cutter = new TextCutter(options);
  const stage: Stage<ChatPiece> = {
    push(piece) {
      const text = piece.delta?.content ?? "";
      const content = (text && cutter.push(text)) + (piece.finish_reason ? cutter.flush() : "");
      const delta = text || content ? { ...piece.delta, content } : piece.delta;
      stage.ended = cutter.finish !== null;
      return { ...piece, delta, finish_reason: cutter.finish ?? piece.finish_reason };
    },
  };
  return stage;
}

/** Tells of every piece as the engine says it. */
export function counting(count: (piece: ChatPiece) => void): Stage<ChatPiece> {
  return {
    push(piece) {
      count(piece);
      return piece;
    },
  };
}
