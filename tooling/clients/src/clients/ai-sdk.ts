import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import {
  AISDKError,
  APICallError,
  type EmbeddingModel,
  embedMany,
  generateText,
  isStepCount,
  type LanguageModel,
  type LanguageModelUsage,
  streamText,
  tool,
} from "ai";
import { z } from "zod";
import type { Api, Client, GetWeather } from "../client.types.ts";

interface Models {
  readonly chat: LanguageModel;
  readonly embedding: EmbeddingModel;
}

export const aiSdkOpenAI = aiSdkClient("AI SDK, openai", ({ baseURL, apiKey, model, embeddingModel }) => {
  const openai = createOpenAI({ baseURL, apiKey });
  return { chat: openai.chat(model), embedding: openai.embeddingModel(embeddingModel) };
});

/** What `openai(model)` is: the provider's default. */
export const aiSdkResponses = aiSdkClient("AI SDK, openai Responses", ({ baseURL, apiKey, model, embeddingModel }) => {
  const openai = createOpenAI({ baseURL, apiKey });
  return { chat: openai.responses(model), embedding: openai.embeddingModel(embeddingModel) };
});

export const aiSdkCompatible = aiSdkClient(
  "AI SDK, openai-compatible",
  ({ baseURL, apiKey, model, embeddingModel }) => {
    const outlet = createOpenAICompatible({ name: "outlet", baseURL, apiKey, includeUsage: true });
    return { chat: outlet(model), embedding: outlet.embeddingModel(embeddingModel) };
  },
);

function aiSdkClient(name: string, models: (api: Api) => Models): Client {
  return {
    name,
    lacks: {},
    async chat(api, prompt, settings) {
      const { text, usage } = await generateText({ model: models(api).chat, prompt, ...settings });
      return { text, tokens: tokensOf(usage) };
    },
    async stream(api, prompt) {
      const result = streamText({ model: models(api).chat, prompt, onError: ignore });
      const pieces: string[] = [];
      for await (const part of result.stream) {
        if (part.type === "text-delta") pieces.push(part.text);
        if (part.type === "error") throw part.error;
      }
      return { pieces, tokens: tokensOf(await result.usage) };
    },
    async callTool(api, prompt, getWeather) {
      const { text } = await generateText({ model: models(api).chat, prompt, ...withTool(getWeather) });
      return text;
    },
    async callToolStreaming(api, prompt, getWeather) {
      return streamText({ model: models(api).chat, prompt, ...withTool(getWeather) }).text;
    },
    async embed(api, values, dimensions) {
      const { embeddings } = await embedMany({ model: models(api).embedding, values, dimensions });
      return embeddings;
    },
    async leave(api, prompt) {
      const leaving = new AbortController();
      const { textStream } = streamText({ model: models(api).chat, prompt, abortSignal: leaving.signal });
      for await (const _piece of textStream) leaving.abort();
    },
    failure(error) {
      if (APICallError.isInstance(error)) return { status: error.statusCode, message: error.message };
      // What a stream says of its error comes in a class that the SDK does not export.
      if (AISDKError.isInstance(error)) return { status: undefined, message: error.message };
      throw error;
    },
  };
}

/** Errors are read from the stream; by default the SDK also prints them. */
function ignore() {}

function tokensOf({ inputTokens, outputTokens }: LanguageModelUsage) {
  return { input: inputTokens, output: outputTokens };
}

function withTool(getWeather: GetWeather) {
  const get_weather = tool({
    description: "The weather in a city.",
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => getWeather(city),
  });
  return { tools: { get_weather }, stopWhen: isStepCount(3) };
}
