import type { ChatMessage } from "@llamaindex/core/llms";
import { tool } from "@llamaindex/core/tools";
import { OpenAI, OpenAIEmbedding } from "@llamaindex/openai";
import { z } from "zod";
import type { Api, ChatSettings, Client, GetWeather } from "../client.types.ts";

export const llamaindex: Client = {
  name: "LlamaIndex",
  lacks: {},
  notes: {
    "stops the engine when it leaves":
      "by a signal in a `fetch` of its user's: its chat takes none, and does not notice that a loop over a stream was left.",
  },
  async chat(api, prompt, settings) {
    const { message, raw } = await chatModel(api, settings).chat({ messages: [user(prompt)] });
    return { text: String(message.content), tokens: tokensOf(raw) };
  },
  async stream(api, prompt) {
    const llm = chatModel(api);
    const chunks = await llm.chat({
      messages: [user(prompt)],
      stream: true,
      additionalChatOptions: { stream_options: { include_usage: true } },
    });
    const pieces: string[] = [];
    let tokens = null;
    for await (const { delta, raw } of chunks) {
      if (delta) pieces.push(delta);
      tokens ??= tokensOf(raw);
    }
    return { pieces, tokens };
  },
  async callTool(api, prompt, getWeather) {
    const llm = chatModel(api);
    const messages: ChatMessage[] = [user(prompt)];
    for (;;) {
      const { newMessages, toolCalls } = await llm.exec({ messages, tools: [weatherTool(getWeather)] });
      messages.push(...newMessages);
      if (toolCalls.length === 0) return String(messages.at(-1)?.content);
    }
  },
  async callToolStreaming(api, prompt, getWeather) {
    const llm = chatModel(api);
    const messages: ChatMessage[] = [user(prompt)];
    for (;;) {
      const round = await llm.exec({ messages, tools: [weatherTool(getWeather)], stream: true });
      for await (const _chunk of round.stream);
      messages.push(...round.newMessages());
      if (round.toolCalls.length === 0) return String(messages.at(-1)?.content);
    }
  },
  embed({ baseURL, apiKey, embeddingModel }, inputs, dimensions) {
    const embedding = new OpenAIEmbedding({ model: embeddingModel, dimensions, baseURL, apiKey });
    return embedding.getTextEmbeddings(inputs);
  },
  async leave(api, prompt) {
    const leaving = new AbortController();
    const chunks = await leavable(api, leaving.signal).chat({ messages: [user(prompt)], stream: true });
    for await (const { delta } of chunks) if (delta) leaving.abort();
  },
  failure(error) {
    const { status, message } = error as { status?: number; message: string };
    return { status, message };
  },
};

function chatModel({ baseURL, apiKey, model }: Api, settings: ChatSettings = {}): OpenAI {
  return new OpenAI({ model, baseURL, apiKey, ...settings });
}

function leavable({ baseURL, apiKey, model }: Api, left: AbortSignal): OpenAI {
  const leavableFetch: typeof fetch = (input, init) => {
    const signals = [init?.signal, left].filter((signal) => signal instanceof AbortSignal);
    return fetch(input, { ...init, signal: AbortSignal.any(signals) });
  };
  return new OpenAI({ model, baseURL, apiKey, additionalSessionOptions: { fetch: leavableFetch } });
}

function user(content: string): ChatMessage {
  return { role: "user", content };
}

function weatherTool(getWeather: GetWeather) {
  return tool({
    name: "get_weather",
    description: "The weather in a city.",
    parameters: z.object({ city: z.string() }),
    execute: ({ city }: { city: string }) => getWeather(city),
  });
}

/** The SDK's own reply or chunk, which LlamaIndex hands on. */
function tokensOf(raw: object | null) {
  const { usage } = raw as { usage?: { prompt_tokens: number; completion_tokens: number } | null };
  return usage ? { input: usage.prompt_tokens, output: usage.completion_tokens } : null;
}
