import type { EngineAnswer, EngineContext } from "../../../engine/engine.ts";
import { firstChoice, piecesOf } from "../../../engine/pieces.ts";
import { TextCutter, type TextCutterOptions } from "../../../engine/text-cutter.ts";
import { engineFailed } from "../../../errors/catalogue.ts";
import type { CompletionUsage } from "../../../ledger/usage.ts";
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatDelta,
  ChatFinishReason,
  ChatLogprobs,
} from "./chat-completions.types.ts";

/** A piece of one choice; the common form of whole and streamed engine answers. */
export interface ChatPiece {
  delta?: ChatDelta;
  logprobs?: ChatLogprobs | null | undefined;
  finish_reason?: ChatFinishReason | null;
  usage?: CompletionUsage | null | undefined;
  /** The model that the engine says answered. */
  model?: string;
  system_fingerprint?: string | undefined;
}

export function chatPieces(
  ask: () => EngineAnswer<ChatCompletion, ChatCompletionChunk>,
  context: EngineContext,
): AsyncGenerator<ChatPiece> {
  return piecesOf<ChatCompletion, ChatCompletionChunk, ChatPiece>(ask, wholePiece, chunkPiece, context);
}

function chunkPiece({ choices: [choice], usage, model, system_fingerprint }: ChatCompletionChunk): ChatPiece {
  if (!choice) return { usage, model, system_fingerprint };
  const { delta, logprobs, finish_reason } = choice;
  return { delta, logprobs, finish_reason, usage, model, system_fingerprint };
}

function wholePiece({ choices, usage, model, system_fingerprint }: ChatCompletion): ChatPiece {
  const { message, logprobs, finish_reason } = firstChoice(choices);
  const { tool_calls, function_call, ...rest } = message;
  const delta: ChatDelta = {
    ...rest,
    ...(function_call && { function_call }),
    ...(tool_calls && { tool_calls: tool_calls.map((call, index) => ({ index, ...call })) }),
  };
  return { delta, logprobs, finish_reason, usage, model, system_fingerprint };
}

/** What a piece says, as one text: for counting where an engine does not. */
export function saidIn({ delta }: ChatPiece): string {
  if (!delta) return "";
  let text = (delta.content ?? "") + (delta.refusal ?? "");
  for (const call of delta.tool_calls ?? []) {
    text +=
      (call.function?.name ?? "") +
      (call.function?.arguments ?? "") +
      (call.custom?.name ?? "") +
      (call.custom?.input ?? "");
  }
  return text + (delta.function_call?.name ?? "") + (delta.function_call?.arguments ?? "");
}

/** Cuts one choice's text at a stop sequence or a token limit, and stops the engine there. */
export async function* cutChat(
  pieces: AsyncIterable<ChatPiece>,
  options: TextCutterOptions,
): AsyncGenerator<ChatPiece> {
  const cutter = new TextCutter(options);
  for await (const piece of pieces) {
    const text = piece.delta?.content ?? "";
    const content = (text && cutter.push(text)) + (piece.finish_reason ? cutter.flush() : "");
    const delta = text || content ? { ...piece.delta, content } : piece.delta;
    if (cutter.finish) {
      yield { ...piece, ...(delta && { delta }), finish_reason: cutter.finish };
      return;
    }
    yield { ...piece, ...(delta && { delta }) };
  }
}

/** Fails a choice that was asked for JSON and is not: better a clear error than a client's parse error. */
export async function* requireJson(pieces: AsyncIterable<ChatPiece>): AsyncGenerator<ChatPiece> {
  let text = "";
  let excused = false;
  for await (const piece of pieces) {
    text += piece.delta?.content ?? "";
    excused ||= Boolean(piece.delta?.tool_calls || piece.delta?.function_call || piece.delta?.refusal);
    if (piece.finish_reason === "stop" && !excused && !isJson(text)) {
      throw engineFailed("The model's answer is not the JSON that response_format asked for.");
    }
    yield piece;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
