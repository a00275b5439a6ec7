import { engineFailed, invalidRequest, unsupportedParameter } from "../errors/catalogue.ts";
import { unsupportedContent } from "../errors/inputs.ts";
import { originOf } from "../inputs/origin.ts";
import { approximateTokenizer } from "../ledger/tokenizer.ts";
import type { ModelCapabilities } from "../models/model-entry.ts";
import type { ChatCompletionRequest, ChatMessage } from "../resources/chat/completions/chat-completions.schema.ts";
import type { ChatCompletion, ChatCompletionChunk } from "../resources/chat/completions/chat-completions.types.ts";
import type { Completion, CompletionChunk } from "../resources/completions/completions.types.ts";
import { completeOf } from "./chat-over-forward.ts";
import { CHATML_STOP, chatml, SplitMender, TURN_NAME, type Turn } from "./chatml.ts";
import type { Engine, EngineCompletionRequest } from "./engine.ts";
import { choiceIn, firstChoice } from "./pieces.ts";
import { TextCutter } from "./text-cutter.ts";

/** Parameters that mean the same in both APIs. `stop` is not among them: it is what ends the answer's turn here. */
const SHARED = ["frequency_penalty", "logit_bias", "presence_penalty", "seed", "temperature", "top_p", "user"] as const;
/** Parameters that ask nothing of the answer. */
const OF_NO_EFFECT = [
  "metadata",
  "prompt_cache_key",
  "prompt_cache_options",
  "prompt_cache_retention",
  "safety_identifier",
  "service_tier",
];
/** What is asked for where a chat names no limit: completions would end after 16 tokens. */
const DEFAULT_MAX_TOKENS = 1024;

/** The engine, or, where it only continues text, one that chats by writing conversations as ChatML. */
export function chattingEngine(engine: Engine, capabilities: ModelCapabilities): Engine {
  const chats = engine.chat ?? (engine.forward && capabilities.chat !== false);
  const complete = chats ? undefined : completeOf(engine);
  if (!complete) return engine;
  const honoured = engine.honours?.complete;
  const honours = (name: string) => !honoured || honoured.includes(name);
  return {
    specificationVersion: "v1",
    honours: {
      chat: [
        ...SHARED.filter(honours),
        ...(honours("max_tokens") ? ["max_tokens", "max_completion_tokens"] : []),
        ...OF_NO_EFFECT,
      ],
    },
    async chat(request, context) {
      const answer = await complete(completionRequest(request, honours), context);
      return isChunks(answer) ? chatChunks(answer) : chatCompletion(answer);
    },
  };
}

function completionRequest(
  request: ChatCompletionRequest,
  honours: (name: string) => boolean,
): EngineCompletionRequest {
  const { model, messages, stream, max_completion_tokens, max_tokens } = request;
  const shared = Object.fromEntries(
    SHARED.filter((name) => request[name] != null).map((name) => [name, request[name]]),
  );
  return {
    ...shared,
    model,
    prompt: chatml(messages.map((message, index) => turnOf(message, `messages[${index}]`, model))),
    ...(stream != null && { stream }),
    ...(honours("max_tokens") && { max_tokens: max_completion_tokens ?? max_tokens ?? DEFAULT_MAX_TOKENS }),
    ...(honours("stop") && { stop: [...CHATML_STOP] }),
  };
}

function turnOf(message: ChatMessage, param: string, model: string): Turn {
  const { role } = message;
  const hint = "It only continues text.";
  if (role === "tool" || role === "function") throw unsupportedParameter(`${param}.role`, model, hint);
  if (role === "assistant") {
    for (const field of ["tool_calls", "function_call", "audio"] as const) {
      if (message[field]) throw unsupportedParameter(`${param}.${field}`, model, hint);
    }
  }
  const { name } = message;
  if (name !== undefined && !TURN_NAME.test(name)) {
    const expected = `Expected a string that matches the pattern '${TURN_NAME.source}'.`;
    throw invalidRequest(
      `Invalid '${param}.name': string does not match pattern. ${expected}`,
      `${param}.name`,
      "invalid_value",
    );
  }
  const text = textOf(message, param);
  return { role: role === "developer" ? "system" : role, name, text };
}

function textOf(message: ChatMessage, param: string): string {
  const { content } = message;
  if (typeof content === "string") return content;
  if (content) return content.map((part, index) => partText(part, `${param}.content[${index}]`)).join("\n");
  return (message.role === "assistant" && message.refusal) || "";
}

type Part = Exclude<NonNullable<ChatMessage["content"]>, string>[number];

function partText(part: Part, param: string): string {
  if (part.type === "text") return part.text;
  if (part.type === "refusal") return part.refusal;
  const origin = originOf(part);
  throw unsupportedContent(origin?.type ?? part.type, origin?.param ?? param);
}

function isChunks(
  answer: Completion | AsyncIterable<CompletionChunk> | readonly CompletionChunk[],
): answer is AsyncIterable<CompletionChunk> | readonly CompletionChunk[] {
  return Array.isArray(answer) || Symbol.asyncIterator in answer;
}

/** The text of an answer's turn alone: it ends where the turn does, whatever the model goes on to say. */
function answerText() {
  const cutter = new TextCutter({
    stop: CHATML_STOP,
    maxTokens: Number.POSITIVE_INFINITY,
    tokenizer: approximateTokenizer,
  });
  const mender = new SplitMender();
  return {
    push(text: string) {
      if (typeof text !== "string") throw engineFailed("The model's answer has a text that is none.");
      return mender.push(cutter.push(text));
    },
    flush: () => mender.push(cutter.flush()) + mender.flush(),
    get ended() {
      return cutter.finish !== null;
    },
  };
}

async function* chatChunks(
  chunks: AsyncIterable<CompletionChunk> | readonly CompletionChunk[],
): AsyncGenerator<ChatCompletionChunk> {
  const answer = answerText();
  for await (const { id, created, model, choices, usage, system_fingerprint } of chunks) {
    const choice = choiceIn(choices);
    const said = choice ? answer.push(choice.text) : "";
    const finish_reason = answer.ended ? "stop" : (choice?.finish_reason ?? null);
    const content = finish_reason ? said + answer.flush() : said;
    yield {
      id,
      object: "chat.completion.chunk",
      created,
      model,
      choices: choice ? [{ index: 0, delta: { content }, finish_reason }] : [],
      ...(usage && { usage }),
      ...(system_fingerprint !== undefined && { system_fingerprint }),
    };
    if (answer.ended) return;
  }
}

function chatCompletion({ id, created, model, choices, usage, system_fingerprint }: Completion): ChatCompletion {
  const { text, finish_reason } = firstChoice(choices);
  const answer = answerText();
  const content = answer.push(text) + answer.flush();
  return {
    id,
    object: "chat.completion",
    created,
    model,
    choices: [
      {
        index: 0,
        message: { role: "assistant", content, refusal: null },
        logprobs: null,
        finish_reason: answer.ended ? "stop" : finish_reason,
      },
    ],
    ...(usage && { usage }),
    ...(system_fingerprint !== undefined && { system_fingerprint }),
  };
}
