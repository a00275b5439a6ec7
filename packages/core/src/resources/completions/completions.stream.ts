import { SSE_DONE, sseData } from "../../http/sse.ts";
import { newId, unixSeconds } from "../../ids.ts";
import { obfuscation } from "../obfuscation.ts";
import { joinLogprobs } from "./completions.best-of.ts";
import type { CompletionPiece } from "./completions.choice.ts";
import type { CompletionRequest } from "./completions.schema.ts";
import type { Completion, CompletionChoice, CompletionChunk } from "./completions.types.ts";

/** A piece of the choice `index`. The one with `final` follows all others and has the call's usage. */
export interface IndexedPiece extends CompletionPiece {
  index: number;
  final?: boolean;
}

/** The event stream of https://platform.openai.com/docs/api-reference/completions/create */
export async function* completionEvents(
  pieces: AsyncIterable<IndexedPiece>,
  request: CompletionRequest,
): AsyncGenerator<string> {
  const includeUsage = request.stream_options?.include_usage === true;
  const obfuscate = request.stream_options?.include_obfuscation !== false;
  const head = { id: newId("cmpl-"), created: unixSeconds() };

  const event = (piece: IndexedPiece, choices: CompletionChunk["choices"]) => {
    const chunk: CompletionChunk & { obfuscation?: string } = {
      id: head.id,
      object: "text_completion",
      created: head.created,
      model: piece.model ?? request.model,
      choices,
      ...(includeUsage && { usage: piece.final ? (piece.usage ?? null) : null }),
      ...(obfuscate && { obfuscation: obfuscation(piece.text) }),
    };
    return sseData(JSON.stringify(chunk));
  };

  for await (const piece of pieces) {
    const { index, text, logprobs = null, finish_reason = null } = piece;
    if (piece.final) {
      if (includeUsage) yield event(piece, []);
      yield SSE_DONE;
    } else if (text || finish_reason) {
      yield event(piece, [{ text, index, logprobs, finish_reason }]);
    }
  }
}

/** Puts the pieces together into the non-streamed reply. */
export async function assembleCompletion(
  pieces: AsyncIterable<IndexedPiece>,
  request: CompletionRequest,
): Promise<Completion> {
  const choices: CompletionChoice[] = [];
  const completion: Completion = {
    id: newId("cmpl-"),
    object: "text_completion",
    created: unixSeconds(),
    model: request.model,
    choices,
  };
  for await (const { index, text, logprobs, finish_reason, usage, model, final } of pieces) {
    if (final) {
      if (usage) completion.usage = usage;
      continue;
    }
    if (model) completion.model = model;
    choices[index] ??= { text: "", index, logprobs: null, finish_reason: "stop" };
    const choice = choices[index] as CompletionChoice;
    choice.text += text;
    if (logprobs) choice.logprobs = joinLogprobs(choice.logprobs, logprobs);
    if (finish_reason) choice.finish_reason = finish_reason;
  }
  return completion;
}
