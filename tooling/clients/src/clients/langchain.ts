import { type AIMessageChunk, type BaseMessage, HumanMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { z } from "zod";
import type { Api, ChatSettings, Client, GetWeather } from "../client.types.ts";

export const langchain = langchainClient("LangChain", false);
export const langchainResponses = langchainClient("LangChain, Responses", true);

function langchainClient(name: string, useResponsesApi: boolean): Client {
  const chatModel = ({ baseURL, apiKey, model }: Api, settings: ChatSettings = {}) =>
    new ChatOpenAI({ model, apiKey, configuration: { baseURL }, useResponsesApi, ...settings });
  return {
    name,
    lacks: {},
    async chat(api, prompt, settings) {
      const message = await chatModel(api, settings).invoke(prompt);
      return { text: message.text, tokens: tokensOf(message) };
    },
    async stream(api, prompt) {
      const pieces: string[] = [];
      let whole: AIMessageChunk | undefined;
      for await (const chunk of await chatModel(api).stream(prompt)) {
        if (chunk.text) pieces.push(chunk.text);
        whole = whole?.concat(chunk) ?? chunk;
      }
      return { pieces, tokens: whole ? tokensOf(whole) : null };
    },
    callTool(api, prompt, getWeather) {
      const weather = weatherTool(getWeather);
      const model = chatModel(api).bindTools([weather]);
      return converse(prompt, weather, (messages) => model.invoke(messages));
    },
    callToolStreaming(api, prompt, getWeather) {
      const weather = weatherTool(getWeather);
      const model = chatModel(api).bindTools([weather]);
      return converse(prompt, weather, async (messages) => {
        let whole: AIMessageChunk | undefined;
        for await (const chunk of await model.stream(messages)) whole = whole?.concat(chunk) ?? chunk;
        if (!whole) throw new Error("the stream was empty");
        return whole;
      });
    },
    embed({ baseURL, apiKey, embeddingModel }, inputs, dimensions) {
      const embeddings = new OpenAIEmbeddings({
        model: embeddingModel,
        dimensions,
        apiKey,
        configuration: { baseURL },
      });
      return embeddings.embedDocuments(inputs);
    },
    async leave(api, prompt) {
      const leaving = new AbortController();
      const stream = await chatModel(api).stream(prompt, { signal: leaving.signal });
      try {
        for await (const chunk of stream) if (chunk.text) leaving.abort();
      } catch (error) {
        if (!leaving.signal.aborted) throw error;
      }
    },
    failure(error) {
      const { status, message } = error as { status?: number; message: string };
      return { status, message };
    },
  };
}

function tokensOf({ usage_metadata: usage }: Pick<AIMessageChunk, "usage_metadata">) {
  return usage ? { input: usage.input_tokens, output: usage.output_tokens } : null;
}

type WeatherTool = ReturnType<typeof weatherTool>;

function weatherTool(getWeather: GetWeather) {
  return tool(({ city }: { city: string }) => getWeather(city), {
    name: "get_weather",
    description: "The weather in a city.",
    schema: z.object({ city: z.string() }),
  });
}

/** As long as the model calls the tool, the tool's message is added to the conversation. */
async function converse(
  prompt: string,
  weather: WeatherTool,
  answer: (messages: BaseMessage[]) => Promise<AIMessageChunk>,
): Promise<string> {
  const messages: BaseMessage[] = [new HumanMessage(prompt)];
  for (;;) {
    const message = await answer(messages);
    messages.push(message);
    const calls = message.tool_calls ?? [];
    if (calls.length === 0) return message.text;
    for (const call of calls) messages.push(await weather.invoke({ ...call, type: "tool_call" }));
  }
}
