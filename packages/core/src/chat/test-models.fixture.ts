import OpenAI from "openai";
import type { Engine } from "../engine/engine.ts";
import type { ModelCapabilities } from "../models/model-entry.ts";
import type { ChatCompletionRequest } from "../resources/chat/completions/chat-completions.schema.ts";
import type { ChatCompletion, ChatCompletionMessage } from "../resources/chat/completions/chat-completions.types.ts";
import { testOutlet } from "../test-support.ts";

export type Said = Partial<ChatCompletionMessage> & {
  finish_reason?: ChatCompletion["choices"][number]["finish_reason"];
};

export interface TestModel {
  client: OpenAI;
  post: ReturnType<typeof testOutlet>["post"];
  settled: ReturnType<typeof testOutlet>["settled"];
  /** What the engine was asked, in order. */
  asked: ChatCompletionRequest[];
}

interface TestModelOptions {
  capabilities?: ModelCapabilities;
  honours?: readonly string[];
}

/** A model that says these things one after the other (the last again and again), 10 and 5 tokens each. */
export function modelSaying(said: readonly (string | Said)[], options: TestModelOptions = {}): TestModel {
  const asked: ChatCompletionRequest[] = [];
  const engine: Engine = {
    specificationVersion: "v1",
    ...(options.honours && { honours: { chat: options.honours } }),
    chat(request) {
      const next = said[Math.min(asked.length, said.length - 1)] as string | Said;
      asked.push(request);
      return completion(typeof next === "string" ? { content: next } : next);
    },
  };
  return { asked, ...modelOf(engine, options.capabilities) };
}

export function modelOf(engine: Engine, capabilities: ModelCapabilities = {}) {
  const { outlet, post, settled } = testOutlet({ models: { m: { engine, capabilities } } });
  const client = new OpenAI({
    apiKey: "sk-test",
    baseURL: "http://outlet/v1",
    maxRetries: 0,
    fetch: (url, init) => outlet.fetch(new Request(url, init)),
  });
  return { client, post, settled };
}

export function completion({ finish_reason, ...message }: Said): ChatCompletion {
  return {
    id: "chatcmpl-test",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: null, refusal: null, ...message },
        logprobs: null,
        finish_reason: finish_reason ?? (message.tool_calls ? "tool_calls" : "stop"),
      },
    ],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  };
}

export const call = (name: string, args: object | string, id = `call_${name}`) => ({
  id,
  type: "function" as const,
  function: { name, arguments: typeof args === "string" ? args : JSON.stringify(args) },
});
