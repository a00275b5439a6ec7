import { checkDelta, checkMessage } from "../chat/check-answer.ts";
import { unsupportedParameter } from "../errors/catalogue.ts";
import type { Tokenizer } from "../ledger/tokenizer.ts";
import type { ChatCompletionRequest } from "../resources/chat/completions/chat-completions.schema.ts";
import type { ChatCompletion, ChatCompletionChunk } from "../resources/chat/completions/chat-completions.types.ts";
import type { Completion, CompletionChunk } from "../resources/completions/completions.types.ts";
import type { Engine, EngineCompletionRequest } from "./engine.ts";

type Complete = Required<Pick<Engine, "complete">>["complete"];

/** Parameters that mean the same in both APIs. */
const SHARED = [
  "frequency_penalty",
  "logit_bias",
  "max_tokens",
  "presence_penalty",
  "seed",
  "stop",
  "temperature",
  "top_p",
  "user",
] as const;

/** What a chat engine honours of a completion request. */
export function completionHonours(engine: Engine): readonly string[] {
  const chat = engine.honours?.chat;
  return chat ? SHARED.filter((name) => chat.includes(name)) : SHARED;
}

/** Text in, text out on an engine that only chats: the prompt becomes the one message of a user. */
export function completeOverChat(engine: Engine, tokenizer: Tokenizer): Complete | undefined {
  const chat = engine.chat?.bind(engine);
  if (!chat) return undefined;
  return async (request, context) => {
    const answer = await chat(chatRequest(request, tokenizer), context);
    return isChunks(answer) ? completionChunks(answer) : completionOf(answer);
  };
}

function chatRequest(request: EngineCompletionRequest, tokenizer: Tokenizer): ChatCompletionRequest {
  const shared = Object.fromEntries(
    SHARED.filter((name) => request[name] != null).map((name) => [name, request[name]]),
  );
  return { ...shared, model: request.model, messages: [{ role: "user", content: promptText(request, tokenizer) }] };
}

export function promptText(
  { prompt, model }: Pick<EngineCompletionRequest, "prompt" | "model">,
  tokenizer: Tokenizer,
): string {
  if (typeof prompt === "string") return prompt;
  if (!tokenizer.decode) throw unsupportedParameter("prompt", model, "It does not take token arrays; send text.");
  return tokenizer.decode(prompt);
}

async function* completionChunks(
  chunks: AsyncIterable<ChatCompletionChunk> | readonly ChatCompletionChunk[],
): AsyncGenerator<CompletionChunk> {
  for await (const { id, created, model, choices, usage } of chunks) {
    yield {
      id,
      object: "text_completion",
      created,
      model,
      choices: choices.map(({ delta, finish_reason }) => {
        checkDelta(delta);
        return { index: 0, text: delta?.content ?? "", logprobs: null, finish_reason: textFinish(finish_reason) };
      }),
      ...(usage && { usage }),
    };
  }
}

function isChunks(
  answer: ChatCompletion | AsyncIterable<ChatCompletionChunk> | readonly ChatCompletionChunk[],
): answer is AsyncIterable<ChatCompletionChunk> | readonly ChatCompletionChunk[] {
  return Array.isArray(answer) || Symbol.asyncIterator in answer;
}

function completionOf({ id, created, model, choices, usage }: ChatCompletion): Completion {
  return {
    id,
    object: "text_completion",
    created,
    model,
    choices: choices.map(({ message, finish_reason }) => {
      checkMessage(message);
      return { index: 0, text: message.content ?? "", logprobs: null, finish_reason: textFinish(finish_reason) };
    }),
    ...(usage && { usage }),
  };
}

function textFinish<Reason extends string | null>(
  reason: Reason,
): Exclude<Reason, "tool_calls" | "function_call"> | "stop" {
  return reason === "tool_calls" || reason === "function_call" ? "stop" : (reason as never);
}
