import { Agent, type ModelResponse, OpenAIProvider, Runner, tool } from "@openai/agents";
import { APIError } from "openai";
import { z } from "zod";
import type { Api, ChatSettings, Client, GetWeather } from "../client.types.ts";

/** `useResponses: false` is `setOpenAIAPI("chat_completions")` for one provider instead of the whole process. */
export const agents = agentsClient("OpenAI Agents SDK", false);
/** Its default. */
export const agentsResponses = agentsClient("OpenAI Agents SDK, Responses", true);

function agentsClient(name: string, useResponses: boolean): Client {
  const runnerFor = ({ baseURL, apiKey }: Api): Runner =>
    new Runner({ modelProvider: new OpenAIProvider({ baseURL, apiKey, useResponses }), tracingDisabled: true });
  return {
    name,
    lacks: { embeds: "it has no embeddings." },
    async chat(api, prompt, settings) {
      const result = await runnerFor(api).run(assistant(api, settings), prompt);
      return { text: result.finalOutput ?? "", tokens: tokensOf(result) };
    },
    async stream(api, prompt) {
      const result = await runnerFor(api).run(assistant(api), prompt, { stream: true });
      const pieces: string[] = [];
      for await (const piece of result.toTextStream()) pieces.push(piece);
      await result.completed;
      return { pieces, tokens: tokensOf(result) };
    },
    async callTool(api, prompt, getWeather) {
      const result = await runnerFor(api).run(assistant(api, {}, getWeather), prompt);
      return result.finalOutput ?? "";
    },
    async callToolStreaming(api, prompt, getWeather) {
      const result = await runnerFor(api).run(assistant(api, {}, getWeather), prompt, { stream: true });
      await result.completed;
      return result.finalOutput ?? "";
    },
    async leave(api, prompt) {
      const leaving = new AbortController();
      const result = await runnerFor(api).run(assistant(api), prompt, { stream: true, signal: leaving.signal });
      for await (const _piece of result.toTextStream()) leaving.abort();
    },
    failure(error) {
      if (!(error instanceof APIError)) throw error;
      return { status: error.status, message: error.message };
    },
  };
}

function assistant({ model }: Api, modelSettings: ChatSettings = {}, getWeather?: GetWeather) {
  return new Agent({ name: "Assistant", model, modelSettings, tools: getWeather ? [weatherTool(getWeather)] : [] });
}

function weatherTool(getWeather: GetWeather) {
  return tool({
    name: "get_weather",
    description: "The weather in a city.",
    parameters: z.object({ city: z.string() }),
    execute: ({ city }) => getWeather(city),
    // By default the model is told that the tool failed.
    errorFunction: null,
  });
}

function tokensOf({ rawResponses }: { rawResponses: ModelResponse[] }) {
  const usage = rawResponses.at(-1)?.usage;
  return usage ? { input: usage.inputTokens, output: usage.outputTokens } : null;
}
