import { createOpenAI } from "@ai-sdk/openai";
import { Agent, tool as agentTool, OpenAIProvider, Runner } from "@openai/agents";
import { streamText, tool } from "ai";
import OpenAI from "openai";
import { z } from "zod";
import { MODEL } from "./scenes.ts";

/** What a library has made of a whole stream. */
export interface Told {
  readonly text: string;
  readonly calls: readonly { name: string; arguments: unknown }[];
  readonly finish: string | undefined;
  readonly tokens: readonly [input: number | undefined, output: number | undefined];
}

/** One library's own way to read a stream to its end. Rejects with the library's error where the stream ends in one. */
export type Reader = (baseURL: string) => Promise<Told>;

const apiKey = "sk-replay";
const QUESTION = "Go on.";
const DESCRIPTION = "The weather in a city.";
const PARAMETERS = z.object({ city: z.string() });

const sdk = (baseURL: string) => new OpenAI({ baseURL, apiKey, maxRetries: 0 });

/** `chat.completions.stream` of the official SDK. */
export const chatStream = async (baseURL: string) => {
  const messages = [{ role: "user" as const, content: QUESTION }];
  return sdk(baseURL).chat.completions.stream({ model: MODEL, messages }).finalChatCompletion();
};

/** `responses.stream` of the official SDK. */
export const responseStream = async (baseURL: string) =>
  sdk(baseURL).responses.stream({ model: MODEL, input: QUESTION }).finalResponse();

const aiSdk =
  (api: "chat" | "responses"): Reader =>
  async (baseURL) => {
    let failure: unknown;
    const result = streamText({
      model: createOpenAI({ baseURL, apiKey })[api](MODEL),
      prompt: QUESTION,
      tools: { get_weather: tool({ description: DESCRIPTION, inputSchema: PARAMETERS }) },
      maxRetries: 0,
      onError({ error }) {
        failure = error;
      },
    });
    await result.consumeStream();
    if (failure) throw failure;
    const { inputTokens, outputTokens } = await result.usage;
    return {
      text: await result.text,
      calls: (await result.toolCalls).map(({ toolName, input }) => ({ name: toolName, arguments: input })),
      finish: await result.finishReason,
      tokens: [inputTokens, outputTokens],
    };
  };

const agents =
  (useResponses: boolean): Reader =>
  async (baseURL) => {
    const calls: { name: string; arguments: unknown }[] = [];
    const weather = agentTool({
      name: "get_weather",
      description: DESCRIPTION,
      parameters: PARAMETERS,
      execute: async (input) => {
        calls.push({ name: "get_weather", arguments: input });
        return "sunny";
      },
    });
    // The one stream that the server knows is the whole conversation: what a tool says is not sent back.
    const agent = new Agent({ name: "Reader", model: MODEL, tools: [weather], toolUseBehavior: "stop_on_first_tool" });
    const modelProvider = new OpenAIProvider({ baseURL, apiKey, useResponses });
    const run = await new Runner({ modelProvider, tracingDisabled: true }).run(agent, QUESTION, { stream: true });
    await run.completed;
    const [response] = run.rawResponses;
    const parts = response?.output.flatMap((item) =>
      item.type === "message" && item.role === "assistant" ? item.content : [],
    );
    return {
      text: (parts ?? []).map((part) => (part.type === "output_text" ? part.text : "")).join(""),
      calls,
      finish: undefined,
      tokens: [response?.usage.inputTokens, response?.usage.outputTokens],
    };
  };

export const readers: Readonly<Record<"chat" | "responses", Readonly<Record<string, Reader>>>> = {
  chat: { "AI SDK": aiSdk("chat"), "OpenAI Agents SDK": agents(false) },
  responses: { "AI SDK": aiSdk("responses"), "OpenAI Agents SDK": agents(true) },
};
