import type { Call } from "../../call.ts";
import { completeOf } from "../../engine/chat-over-forward.ts";
import { completeOverChat, completionHonours, promptText } from "../../engine/complete-over-chat.ts";
import type { EngineCompletionRequest } from "../../engine/engine.ts";
import type { Guard } from "../../engine/held-back.ts";
import { merge } from "../../engine/merge.ts";
import { parametersToEmulate, requestWithout } from "../../engine/parameters.ts";
import type { Batch } from "../../engine/pieces.ts";
import { relay } from "../../engine/relay.ts";
import { invalidRequest, modelCannot, unsupportedParameter } from "../../errors/catalogue.ts";
import type { Reply } from "../../http/exchange.ts";
import type { Tokenizer } from "../../ledger/tokenizer.ts";
import { UsageMeter } from "../../ledger/usage-meter.ts";
import { assertFits } from "../../models/context-window.ts";
import type { ResolvedModel } from "../../models/registry.ts";
import { resolveModel } from "../../models/resolve-model.ts";
import { noteSent } from "../../observe/explanation.ts";
import { eventStreamReply, jsonReply } from "../../pipeline/reply.ts";
import type { OutputRule } from "../../policy/output-rule.ts";
import { promptList } from "../prompts.ts";
import { bestCandidates } from "./completions.best-of.ts";
import { type CompletionPiece, completionPieces, cutting, echoing, showing } from "./completions.choice.ts";
import { heldText, judgedAtEnd, passedText } from "./completions.policy.ts";
import { type CompletionRequest, completionRequest, type Prompt } from "./completions.schema.ts";
import { type AnswerPiece, assembleCompletion, createCompletionEvents } from "./completions.stream.ts";

const EMULATED = ["stop", "max_tokens", "echo"];
/** What core sees to itself, whatever the engine: it asks an engine for one prompt and one choice at a time. */
const CORE = ["model", "prompt", "stream", "stream_options", "n", "best_of"];
const DEFAULT_PROMPT = "<|endoftext|>";
export const DEFAULT_MAX_TOKENS = 16;
const MAX_CHOICES = 2048;

/** https://platform.openai.com/docs/api-reference/completions/create */
export async function createCompletion(call: Call<CompletionRequest>): Promise<Reply> {
  const request = call.body;
  const target = resolveModel(call, request.model);
  refuseContradictions(request);
  assertFits(call, target, {
    prompt: "prompt",
    count: (tokenizer) => longestPrompt(request, tokenizer),
    output: request.max_tokens == null ? null : { param: "max_tokens", tokens: request.max_tokens },
  });
  const rule = call.services.policy?.outputRule(call, request);
  if (target.engine.forward && !rule) return relay(call, target);

  const pieces = answer(call, target, rule);
  if (request.stream) return eventStreamReply(call, pieces, createCompletionEvents(request));
  return jsonReply(await assembleCompletion(pieces, request));
}

/** The pieces of all choices, interleaved as they arrive; the last batch carries the usage of the whole call. */
async function* answer(
  call: Call<CompletionRequest>,
  target: ResolvedModel,
  rule: OutputRule | undefined,
): AsyncGenerator<Batch<AnswerPiece>> {
  const { body: request, services, receipt } = call;
  const { tokenizer } = services;
  const prompts = promptList(request.prompt ?? DEFAULT_PROMPT);
  const n = request.n ?? 1;
  const candidates = Math.max(n, request.best_of ?? 1);
  const ask = asker(call, target);
  const meter = new UsageMeter({
    tokenizer,
    prompts: prompts.map((prompt) => () => (typeof prompt === "string" ? tokenizer.count(prompt) : prompt.length)),
    promptOf: (candidate) => Math.floor(candidate / candidates),
  });
  const perPrompt = prompts.map((prompt, p) =>
    Array.from({ length: candidates }, (_, c) =>
      ask(p * candidates + c, prompt, ({ index, text, usage }) => meter.add(index, text, usage)),
    ),
  );
  try {
    const given =
      candidates > n
        ? ranked(perPrompt, n, request.logprobs != null, rule?.guard)
        : merge(perPrompt.flat().map((choice) => heldText(choice, rule?.guard)));
    yield* rule ? judgedAtEnd(given, rule) : given;
    if (meter.estimated) receipt.emulated.add("usage");
    receipt.complete = true;
    yield [{ index: 0, text: "", usage: meter.usage(), final: true }];
  } finally {
    receipt.usage = meter.metered();
  }
}

/** `best_of`, one prompt after the other: every candidate is generated and counted, the best `n` are given. */
async function* ranked(
  perPrompt: readonly AsyncIterable<Batch<CompletionPiece>>[][],
  n: number,
  keepLogprobs: boolean,
  guard: Guard | undefined,
): AsyncGenerator<Batch<AnswerPiece>> {
  for (const [p, candidates] of perPrompt.entries()) {
    const best = await bestCandidates(candidates, n, keepLogprobs);
    const passed = await Promise.all(best.map((piece) => passedText(piece, guard)));
    yield passed.map((piece, i) => ({ ...piece, index: p * n + i }));
  }
}

/** How one choice for one prompt is asked of this engine, with what it lacks made up for. */
function asker(call: Call<CompletionRequest>, { engine, engineModel }: ResolvedModel) {
  const { body: request, context, services, receipt } = call;
  const { tokenizer } = services;
  const own = completeOf(engine);
  const complete = own ?? completeOverChat(engine, tokenizer);
  if (!complete) throw modelCannot(request.model, call.operation.path);
  if (!own) receipt.emulated.add("prompt");

  const honoured = own ? engine.honours?.complete : completionHonours(engine);
  const missing = parametersToEmulate(request, completionRequest.shape, honoured, CORE, EMULATED);
  for (const name of missing) receipt.emulated.add(name);
  const lacks = (name: string) => honoured !== undefined && !honoured.includes(name);
  const ranks = (request.best_of ?? 1) > (request.n ?? 1);
  if (ranks && lacks("logprobs")) throw unsupportedParameter("best_of", request.model, "It needs log probabilities.");
  if (missing.has("echo") && request.logprobs != null) throw unsupportedParameter("echo", request.model);

  const maxTokens = request.max_tokens ?? DEFAULT_MAX_TOKENS;
  const cut = {
    stop: missing.has("stop") ? [request.stop ?? []].flat() : [],
    maxTokens: lacks("max_tokens") ? maxTokens : Number.POSITIVE_INFINITY,
    tokenizer,
  };
  const kept = requestWithout(request, ["prompt", "n", "best_of", ...missing]);

  return (
    index: number,
    prompt: Prompt,
    count: (piece: CompletionPiece) => void,
  ): AsyncIterable<Batch<CompletionPiece>> => {
    const one = { ...kept, model: engineModel, prompt } as EngineCompletionRequest;
    if (!lacks("max_tokens")) one.max_tokens = maxTokens;
    if (ranks) one.logprobs ??= 0;
    if (receipt.explained) noteSent(receipt.explained, one);
    const stages = [cutting(cut), showing(count)];
    if (missing.has("echo")) stages.push(echoing(promptText(one, tokenizer)));
    return completionPieces(index, () => complete(one, context), stages, context);
  };
}

/** Each prompt of a list has the model's whole window to itself. */
function longestPrompt({ prompt }: CompletionRequest, tokenizer: Tokenizer): number {
  const counts = promptList(prompt ?? DEFAULT_PROMPT).map((one) =>
    typeof one === "string" ? tokenizer.count(one) : one.length,
  );
  return counts.reduce((most, count) => Math.max(most, count), 0);
}

/** 400s that no schema of single fields can see. */
function refuseContradictions(request: CompletionRequest): void {
  const { stream, stream_options, n = 1, best_of } = request;
  if (stream_options && !stream) {
    throw invalidRequest("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options");
  }
  if (best_of && best_of < (n ?? 1)) {
    throw invalidRequest(`'best_of' must be greater than or equal to 'n', but got ${best_of} and ${n}.`, "best_of");
  }
  if (best_of && best_of > (n ?? 1) && stream) {
    throw invalidRequest("Results with 'best_of' greater than 'n' cannot be streamed.", "best_of");
  }
  const choices = promptList(request.prompt ?? DEFAULT_PROMPT).length * Math.max(n ?? 1, best_of ?? 1);
  if (choices > MAX_CHOICES) {
    throw invalidRequest(`The request asks for ${choices} completions; at most ${MAX_CHOICES} are allowed.`, "prompt");
  }
}
