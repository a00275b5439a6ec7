import type {
  ChatCompletionRequest,
  EmbeddingRequest,
  Engine,
  EngineCompletionRequest,
  EngineContext,
  EngineModerationRequest,
} from "@outlet/core";
import { chatAnswer } from "./answer/chat-answer.ts";
import { continuation } from "./answer/continuation.ts";
import { createDecide, type Decision } from "./decide.ts";
import { embeddingsFor } from "./embeddings/embeddings.ts";
import type { MockEngineOptions } from "./engine.options.ts";
import { KNOWN_MODELS } from "./models.ts";
import { moderationsFor } from "./moderations/moderations.ts";
import { connectionCut, scriptedError } from "./play/error-reply.ts";
import { hang, type Pace, sleep, takeTime } from "./play/pacing.ts";
import { playChat } from "./play/play-chat.ts";
import { playCompletion, promptText } from "./play/play-completion.ts";
import { requestUnderWay } from "./requests-under-way.ts";
import type { MockRequest, ReplyFields, Rule } from "./script/rule.types.ts";
import { createRuleBook } from "./script/rule-book.ts";
import { sayingOf } from "./script/saying-of.ts";

/** An engine that answers by rules, and where there is none, plausibly and always the same. */
export interface MockEngine extends Engine {
  /** Puts rules in front of those that are there; of several in one call, the first that matches answers. */
  script(...rules: Rule[]): void;
  /** Forgets the rules that `script` added, and starts the others anew. */
  reset(): void;
  /** Names of the rules that have answered nothing yet. */
  unusedRules(): string[];
}

/** All parameters but those that only work with what a mock has not got: audio, moderation, the web. */
const CHAT_HONOURS = (
  "messages model frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens metadata " +
  "parallel_tool_calls prediction presence_penalty prompt_cache_key prompt_cache_options prompt_cache_retention " +
  "reasoning_effort response_format safety_identifier seed service_tier stop store stream stream_options temperature " +
  "tool_choice tools top_logprobs top_p user verbosity"
).split(" ");

/** @throws TypeError when a rule is not one, naming the path of what is wrong */
export function mockEngine(options: MockEngineOptions = {}): MockEngine {
  const book = createRuleBook(options.rules ?? [], options.strict ?? false);
  const decide = createDecide(book);
  const { delayMs = 0, tokensPerSecond = 0 } = options;

  function paceOf(reply: ReplyFields, signal: AbortSignal): Pace {
    const { cutAfter = Number.POSITIVE_INFINITY, failAfter = Number.POSITIVE_INFINITY } = reply;
    const cuts = cutAfter <= failAfter && cutAfter !== Number.POSITIVE_INFINITY;
    const underWay = cuts ? requestUnderWay(signal) : undefined;
    if (underWay) underWay.willCut = true;
    return {
      delayMs: reply.delayMs ?? delayMs,
      tokensPerSecond: reply.tokensPerSecond ?? tokensPerSecond,
      interruptAfter: Math.min(cutAfter, failAfter),
      interrupt: () => (cuts ? cut(signal) : scriptedError(reply.error ?? 500)),
    };
  }

  /** What ends a request before there is anything to say. */
  function early({ reply }: Decision, pace: Pace, signal: AbortSignal): Promise<never> | null {
    if (reply.hang) return hang(signal);
    if (reply.error === undefined || reply.failAfter !== undefined) return null;
    const { error } = reply;
    return sleep(pace.delayMs, signal).then(() => {
      throw scriptedError(error);
    });
  }

  function chat(request: ChatCompletionRequest, { signal }: EngineContext, decision: Decision) {
    const pace = paceOf(decision.reply, signal);
    const ended = early(decision, pace, signal);
    if (ended) return ended;
    const { reply, view, variation } = decision;
    const saying = sayingOf(reply, view, request) ?? withFinish(chatAnswer(view, request, variation), reply);
    return playChat(saying, reply, request, pace, signal);
  }

  function complete(request: EngineCompletionRequest, { signal }: EngineContext, decision: Decision) {
    const pace = paceOf(decision.reply, signal);
    const ended = early(decision, pace, signal);
    if (ended) return ended;
    const { reply, variation } = decision;
    const scripted = reply.text ?? (reply.json === undefined ? undefined : JSON.stringify(reply.json));
    const seed = (request.seed ?? 0) + variation * 7919;
    const text = scripted ?? continuation(promptText(request), request.suffix, seed);
    return playCompletion(text, reply, request, pace, signal);
  }

  function embed(request: EmbeddingRequest, { signal }: EngineContext, decision: Decision) {
    const pace = paceOf(decision.reply, signal);
    const ended = early(decision, pace, signal);
    if (ended) return ended;
    return inTime(pace, signal, () => embeddingsFor(request, decision.reply));
  }

  function moderate(request: EngineModerationRequest, { signal }: EngineContext, decision: Decision) {
    const pace = paceOf(decision.reply, signal);
    const ended = early(decision, pace, signal);
    if (ended) return ended;
    return inTime(pace, signal, () => moderationsFor(request, decision.reply));
  }

  return {
    specificationVersion: "v1",
    honours: { chat: CHAT_HONOURS },
    chat(request, context) {
      const decision = decide("createChatCompletion", request, context, "");
      return decision instanceof Promise
        ? decision.then((made) => chat(request, context, made))
        : chat(request, context, decision);
    },
    complete(request, context) {
      const prompt = JSON.stringify(request.prompt);
      const decision = decide("createCompletion", request as MockRequest, context, prompt);
      return decision instanceof Promise
        ? decision.then((made) => complete(request, context, made))
        : complete(request, context, decision);
    },
    embed(request, context) {
      const decision = decide("createEmbedding", request, context, "");
      return decision instanceof Promise
        ? decision.then((made) => embed(request, context, made))
        : embed(request, context, decision);
    },
    moderate(request, context) {
      const decision = decide("createModeration", request, context, "");
      return decision instanceof Promise
        ? decision.then((made) => moderate(request, context, made))
        : moderate(request, context, decision);
    },
    listModels: async () => [...KNOWN_MODELS],
    script: (...rules) => book.add(rules),
    reset: () => book.reset(),
    unusedRules: () => book.unused(),
  };
}

/** An answer that is not made of tokens, at once or after a rule's delay. */
function inTime<Answer>(pace: Pace, signal: AbortSignal, answer: () => Answer): Answer | Promise<Answer> {
  const waits = pace.delayMs > 0 || pace.interruptAfter !== Number.POSITIVE_INFINITY;
  return waits ? takeTime(0, { ...pace, tokensPerSecond: 0 }, signal).then(answer) : answer();
}

function cut(signal: AbortSignal) {
  const request = requestUnderWay(signal);
  if (request) request.cut = true;
  return connectionCut();
}

function withFinish<Said extends object>(said: Said, { finishReason }: ReplyFields) {
  return finishReason ? { ...said, finish: finishReason } : said;
}
