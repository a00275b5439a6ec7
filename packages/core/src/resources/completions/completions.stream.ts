import type { Batch } from "../../engine/pieces.ts";
import { SSE_DONE, sseData } from "../../http/sse.ts";
import { newId, unixSeconds } from "../../ids.ts";
import { obfuscation } from "../obfuscation.ts";
import { joinLogprobs } from "./completions.best-of.ts";
import type { CompletionPiece } from "./completions.choice.ts";
import type { CompletionRequest } from "./completions.schema.ts";
import type { Completion, CompletionChoice, CompletionChunk } from "./completions.types.ts";

/** A piece of a choice, or the one with `final` that follows all others and has the call's usage. */
export interface AnswerPiece extends CompletionPiece {
  final?: boolean;
}

/** Writes pieces as events of https://platform.openai.com/docs/api-reference/completions/create, each as its own. */
export function createCompletionEvents(request: CompletionRequest): (batch: Batch<AnswerPiece>) => string {
  const includeUsage = request.stream_options?.include_usage === true;
  const obfuscate = request.stream_options?.include_obfuscation !== false;
  const head = { id: newId("cmpl-"), object: "text_completion", created: unixSeconds() } as const;

  const event = (piece: AnswerPiece, choices: CompletionChunk["choices"]) => {
    const chunk: CompletionChunk & { obfuscation?: string } = {
      ...head,
      model: piece.model ?? request.model,
      choices,
      ...(includeUsage && { usage: piece.final ? (piece.usage ?? null) : null }),
      ...(obfuscate && { obfuscation: obfuscation(piece.text) }),
    };
    return sseData(JSON.stringify(chunk));
  };

  const write = (piece: AnswerPiece): string => {
    const { index, text, logprobs = null, finish_reason = null } = piece;
    if (piece.final) return (includeUsage ? event(piece, []) : "") + SSE_DONE;
    return text || finish_reason ? event(piece, [{ text, index, logprobs, finish_reason }]) : "";
  };
  return (batch) => batch.map(write).join("");
}

/** Puts the pieces together into the non-streamed reply. */
export async function assembleCompletion(
  batches: AsyncIterable<Batch<AnswerPiece>>,
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
  for await (const batch of batches) {
    for (const { index, text, logprobs, finish_reason, usage, model, final } of batch) {
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
  }
  return completion;
}
