import OpenAI, { APIError } from "openai";
import type { Api, Client, GetWeather } from "../client.types.ts";

/** The official SDK, with its own helpers for streams and tools. */
export const openaiClient: Client = {
  name: "openai",
  lacks: {},
  async chat(api, prompt, settings = {}) {
    const completion = await connect(api).chat.completions.create({ ...ask(api, prompt), ...settings });
    return { text: completion.choices[0]?.message.content ?? "", tokens: tokensOf(completion.usage) };
  },
  async stream(api, prompt) {
    const chunks = await connect(api).chat.completions.create({
      ...ask(api, prompt),
      stream: true,
      stream_options: { include_usage: true },
    });
    const pieces: string[] = [];
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of chunks) {
      const piece = chunk.choices[0]?.delta.content;
      if (piece) pieces.push(piece);
      usage ??= chunk.usage;
    }
    return { pieces, tokens: tokensOf(usage) };
  },
  async callTool(api, prompt, getWeather) {
    const runner = connect(api).chat.completions.runTools({ ...ask(api, prompt), tools: [weatherTool(getWeather)] });
    return (await runner.finalContent()) ?? "";
  },
  async callToolStreaming(api, prompt, getWeather) {
    const runner = connect(api).chat.completions.runTools({
      ...ask(api, prompt),
      tools: [weatherTool(getWeather)],
      stream: true,
    });
    return (await runner.finalContent()) ?? "";
  },
  async embed(api, input, dimensions) {
    const { data } = await connect(api).embeddings.create({ model: api.embeddingModel, input, dimensions });
    return data.map(({ embedding }) => embedding);
  },
  async leave(api, prompt) {
    const chunks = await connect(api).chat.completions.create({ ...ask(api, prompt), stream: true });
    for await (const chunk of chunks) if (chunk.choices[0]?.delta.content) chunks.controller.abort();
  },
  failure(error) {
    if (!(error instanceof APIError)) throw error;
    return { status: error.status, message: error.message };
  },
};

function connect({ baseURL, apiKey }: Api): OpenAI {
  return new OpenAI({ baseURL, apiKey });
}

function ask({ model }: Api, content: string) {
  return { model, messages: [{ role: "user" as const, content }] };
}

function tokensOf(usage: OpenAI.CompletionUsage | null | undefined) {
  return usage ? { input: usage.prompt_tokens, output: usage.completion_tokens } : null;
}

function weatherTool(getWeather: GetWeather) {
  return {
    type: "function" as const,
    function: {
      name: "get_weather",
      description: "The weather in a city.",
      parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
      parse: JSON.parse as (text: string) => { city: string },
      function: ({ city }: { city: string }) => getWeather(city),
    },
  };
}
