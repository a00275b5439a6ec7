import { newId, unixSeconds } from "../ids.ts";
import type { CompletionUsage } from "../ledger/usage.ts";
import { type ModerationScores, moderationInputs, verdict } from "../moderation/verdict.ts";
import {
  type ChatCompletionRequest,
  chatCompletionRequest,
} from "../resources/chat/completions/chat-completions.schema.ts";
import type {
  ChatChunkChoice,
  ChatCompletionChunk,
  ChatDelta,
  ChatFinishReason,
} from "../resources/chat/completions/chat-completions.types.ts";
import { completionRequest } from "../resources/completions/completions.schema.ts";
import type { CompletionChunk } from "../resources/completions/completions.types.ts";
import { type EmbeddingRequest, embeddingRequest } from "../resources/embeddings/embeddings.schema.ts";
import { promptList } from "../resources/prompts.ts";
import type {
  Engine,
  EngineCompletionRequest,
  EngineContext,
  EngineEmbeddings,
  EngineModerationRequest,
  EngineModerations,
} from "./engine.ts";
import type { ModelAnswer, ModelFunctions, ModelPart } from "./model-functions.ts";

/** Parameters whose effect is in the shape of the reply, which a function that yields text cannot give. */
const NOT_BY_DEFAULT = new Set([
  "audio",
  "best_of",
  "dimensions",
  "echo",
  "function_call",
  "functions",
  "logprobs",
  "max_completion_tokens",
  "max_tokens",
  "modalities",
  "moderation",
  "stop",
  "store",
  "suffix",
  "top_logprobs",
  "web_search_options",
]);

export function createFunctionEngine(functions: ModelFunctions): Engine {
  const { chat, complete, embed, moderate, images, honours = [] } = functions;
  if (!chat && !complete && !embed && !moderate) {
    throw new TypeError("defineModel needs chat, complete, embed or moderate");
  }
  const able = (shape: object) =>
    Object.keys(shape).filter((name) => honours.includes(name) || !NOT_BY_DEFAULT.has(name));
  return {
    specificationVersion: "v1",
    honours: {
      chat: able(chatCompletionRequest.shape),
      complete: able(completionRequest.shape),
      embed: able(embeddingRequest.shape),
    },
    ...(images && { images }),
    ...(chat && { chat: (request, context) => chatChunks(chat, request, context) }),
    ...(complete && { complete: (request, context) => completionChunks(complete, request, context) }),
    ...(embed && { embed: (request, context) => embeddings(embed, request, context) }),
    ...(moderate && { moderate: (request, context) => moderations(moderate, request, context) }),
  };
}

function callInfo({ signal, principal, requestId }: EngineContext) {
  return { signal, principal, requestId };
}

async function* chatChunks(
  chat: NonNullable<ModelFunctions["chat"]>,
  request: ChatCompletionRequest,
  context: EngineContext,
): AsyncGenerator<ChatCompletionChunk> {
  const head = {
    id: newId("chatcmpl-"),
    object: "chat.completion.chunk",
    created: unixSeconds(),
    model: request.model,
  } as const;
  const chunk = (choices: ChatChunkChoice[], usage?: CompletionUsage): ChatCompletionChunk => ({
    ...head,
    choices,
    ...(usage && { usage }),
  });
  let calls = 0;
  let finish: ChatFinishReason | undefined;
  const input = { messages: request.messages, tools: request.tools ?? [], request, ...callInfo(context) };
  for await (const part of partsOf(chat(input))) {
    if (typeof part === "object" && "finish_reason" in part) finish = part.finish_reason;
    else if (typeof part === "object" && "usage" in part) yield chunk([], fullUsage(part.usage));
    else {
      const delta = deltaOf(part, calls);
      if (delta.tool_calls) calls += 1;
      yield chunk([{ index: 0, delta, finish_reason: null }]);
    }
  }
  yield chunk([{ index: 0, delta: {}, finish_reason: finish ?? (calls > 0 ? "tool_calls" : "stop") }]);
}

function deltaOf(part: ModelPart, callIndex: number): ChatDelta {
  if (typeof part === "string") return { content: part };
  if ("content" in part) return { content: part.content };
  if ("refusal" in part) return { refusal: part.refusal };
  if ("json" in part) return { content: jsonText(part.json) };
  if ("tool_call" in part) {
    const { id = newId("call_"), name, arguments: args } = part.tool_call;
    if (typeof name !== "string" || name === "") throw new TypeError("a model yielded a tool_call without a name");
    if (typeof args !== "string" && (typeof args !== "object" || args === null)) {
      throw new TypeError("a model yielded a tool_call whose arguments are neither text nor an object");
    }
    const text = typeof args === "string" ? args : JSON.stringify(args);
    return { tool_calls: [{ index: callIndex, id, type: "function", function: { name, arguments: text } }] };
  }
  throw new TypeError(`a model yielded an unknown part with the keys: ${Object.keys(part).join(", ")}`);
}

function jsonText(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new TypeError("a model yielded a json part that has no JSON text");
  return text;
}

async function* partsOf(answer: ModelAnswer): AsyncGenerator<ModelPart> {
  const settled = await answer;
  if (typeof settled === "string") yield settled;
  else if (Symbol.asyncIterator in settled) yield* settled;
  else if (Array.isArray(settled)) yield* settled as readonly ModelPart[];
  else yield settled as ModelPart;
}

async function* completionChunks(
  complete: NonNullable<ModelFunctions["complete"]>,
  request: EngineCompletionRequest,
  context: EngineContext,
): AsyncGenerator<CompletionChunk> {
  const head = { id: newId("cmpl-"), object: "text_completion", created: unixSeconds(), model: request.model } as const;
  const chunk = (text: string, finish_reason: "stop" | null): CompletionChunk => ({
    ...head,
    choices: [{ index: 0, text, logprobs: null, finish_reason }],
  });
  const answer = await complete({ prompt: request.prompt, request, ...callInfo(context) });
  if (typeof answer === "string") yield chunk(answer, null);
  else for await (const text of answer) yield chunk(text, null);
  yield chunk("", "stop");
}

async function embeddings(
  embed: NonNullable<ModelFunctions["embed"]>,
  request: EmbeddingRequest,
  context: EngineContext,
): Promise<EngineEmbeddings> {
  const input = promptList(request.input);
  const vectors = await embed({ input, dimensions: request.dimensions, ...callInfo(context) });
  if (vectors.length !== input.length) {
    throw new TypeError(`embed returned ${vectors.length} vectors for ${input.length} inputs`);
  }
  return {
    object: "list",
    model: request.model,
    data: vectors.map((embedding, index) => ({ object: "embedding", index, embedding: [...embedding] })),
  };
}

async function moderations(
  moderate: NonNullable<ModelFunctions["moderate"]>,
  { model, input }: EngineModerationRequest,
  context: EngineContext,
): Promise<EngineModerations> {
  const inputs = moderationInputs(input);
  const scores = await moderate({ input: inputs, model, ...callInfo(context) });
  if (scores.length !== inputs.length) {
    throw new TypeError(`moderate returned ${scores.length} scores for ${inputs.length} inputs`);
  }
  return {
    results: inputs.map((parts, i) => verdict({ model, parts, scores: scores[i] as ModerationScores })),
  };
}

function fullUsage(usage: { prompt_tokens: number; completion_tokens: number }): CompletionUsage {
  return { ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens };
}
