import type { ChatCompletion, ChatCompletionChunk, ChatCompletionRequest, EngineAnswer } from "@outlet/core";
import type { Saying } from "../answer/saying.ts";
import { newId, unixSeconds } from "../ids.ts";
import type { ReplyFields } from "../script/rule.types.ts";
import { countChatPrompt } from "../tokens/count-prompt.ts";
import { encodingFor } from "../tokens/encoding.ts";
import { type ChatStep, chatSteps, wholeLogprobs } from "./chat-steps.ts";
import { type FittedSaying, fitSaying } from "./fit-saying.ts";
import { isUnhurried, type Pace, paced, takeTime } from "./pacing.ts";
import { reasoningTokens } from "./reasoning.ts";
import { usageOf } from "./usage.ts";

/** Gives a saying the form that the request asks for: whole, or one token a chunk. */
export function playChat(
  saying: Saying,
  reply: ReplyFields,
  request: ChatCompletionRequest,
  pace: Pace,
  signal: AbortSignal,
): EngineAnswer<ChatCompletion, ChatCompletionChunk> {
  const encoding = encodingFor(request.model);
  const limit = request.max_completion_tokens ?? request.max_tokens ?? Number.POSITIVE_INFINITY;
  const reasoning = reasoningTokens(request, limit);
  const { stop } = request;
  const stops = typeof stop === "string" ? [stop] : (stop ?? []);
  const fitted = fitSaying(saying, stops, limit - reasoning, encoding);
  const usage = usageOf(countChatPrompt(request, encoding), fitted.tokens + reasoning, reasoning, reply.usage);
  const logprobs = request.logprobs ? { top: request.top_logprobs ?? 0, encoding } : null;
  const id = newId("chatcmpl-");
  const created = unixSeconds();
  const model = reply.model ?? request.model;
  const fingerprint =
    reply.systemFingerprint === undefined ? undefined : { system_fingerprint: reply.systemFingerprint };

  if (request.stream) {
    const steps = chatSteps(fitted, logprobs);
    const object = "chat.completion.chunk";
    const chunkOf = ({ choices }: ChatStep): ChatCompletionChunk => {
      const chunk = {
        id,
        object,
        created,
        model,
        choices: choices as unknown as ChatCompletionChunk["choices"],
      } as const;
      return fingerprint ? { ...chunk, ...fingerprint } : chunk;
    };
    const last: ChatCompletionChunk = {
      id,
      object,
      created,
      model,
      ...fingerprint,
      choices: [{ index: 0, delta: {}, logprobs: null, finish_reason: fitted.finish }],
      usage,
    };
    return isUnhurried(pace) ? atOnce(steps, chunkOf, last) : spread(steps, chunkOf, last, pace, signal);
  }

  const whole: ChatCompletion = {
    id,
    object: "chat.completion",
    created,
    model,
    ...fingerprint,
    choices: [
      {
        index: 0,
        message: messageOf(fitted),
        logprobs: logprobs && wholeLogprobs(fitted, logprobs),
        finish_reason: fitted.finish,
      },
    ],
    usage,
  };
  return isUnhurried(pace) ? whole : takeTime(fitted.tokens + reasoning, pace, signal).then(() => whole);
}

function messageOf({ content, refusal, calls, functionCall, extra }: FittedSaying) {
  const said = { role: "assistant" as const, content: content?.whole ?? null, refusal: refusal?.whole ?? null };
  if (!extra && calls.length === 0 && !functionCall) return said;
  return {
    ...said,
    ...extra,
    ...(calls.length > 0 && {
      tool_calls: calls.map(({ id, type, name, text }) => {
        const { whole } = text;
        return type === "custom"
          ? { id, type, custom: { name, input: whole } }
          : { id, type, function: { name, arguments: whole } };
      }),
    }),
    ...(functionCall && {
      function_call: { name: functionCall.name, arguments: functionCall.arguments.whole },
    }),
  };
}

/** An answer that nothing paces: all of its chunks are there at once. */
export function atOnce<Step, Chunk>(steps: readonly Step[], chunkOf: (step: Step) => Chunk, last: Chunk): Chunk[] {
  const chunks = steps.map(chunkOf);
  chunks.push(last);
  return chunks;
}

/** The same, over time. */
export async function* spread<Step extends { readonly tokens: number }, Chunk>(
  steps: readonly Step[],
  chunkOf: (step: Step) => Chunk,
  last: Chunk,
  pace: Pace,
  signal: AbortSignal,
): AsyncGenerator<Chunk> {
  for await (const step of paced(steps, pace, signal)) yield chunkOf(step);
  yield last;
}
