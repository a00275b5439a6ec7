import OpenAI, { APIError } from "openai";
import type { FunctionTool, Response, ResponseInput, ResponseUsage } from "openai/resources/responses/responses";
import type { Api, Client, GetWeather } from "../client.types.ts";

/** The official SDK on the Responses API. */
export const openaiResponses: Client = {
  name: "openai, Responses",
  lacks: { embeds: "the Responses API has no embeddings; the client above has." },
  async chat(api, prompt, settings = {}) {
    const response = await connect(api).responses.create({ model: api.model, input: prompt, ...settings });
    return { text: response.output_text, tokens: tokensOf(response.usage) };
  },
  async stream(api, prompt) {
    const stream = connect(api).responses.stream({ model: api.model, input: prompt });
    const pieces: string[] = [];
    for await (const event of stream) if (event.type === "response.output_text.delta") pieces.push(event.delta);
    const response = await stream.finalResponse();
    return { pieces, tokens: tokensOf(response.usage) };
  },
  callTool: (api, prompt, getWeather) =>
    runTool(api, prompt, getWeather, (request) => connect(api).responses.create(request)),
  callToolStreaming: (api, prompt, getWeather) =>
    runTool(api, prompt, getWeather, (request) => connect(api).responses.stream(request).finalResponse()),
  async leave(api, prompt) {
    const stream = await connect(api).responses.create({ model: api.model, input: prompt, stream: true });
    for await (const event of stream) if (event.type === "response.output_text.delta") stream.controller.abort();
  },
  failure(error) {
    if (!(error instanceof APIError)) throw error;
    return { status: error.status, message: error.message };
  },
};

interface ToolRequest {
  model: string;
  input: ResponseInput;
  tools: FunctionTool[];
  previous_response_id: string | null;
}

/** The loop of the function calling guide: what the model calls is run, and its output sent after the response that called it. */
async function runTool(
  { model }: Api,
  prompt: string,
  getWeather: GetWeather,
  ask: (request: ToolRequest) => Promise<Response>,
): Promise<string> {
  let input: ResponseInput = [{ role: "user", content: prompt }];
  let previous_response_id: string | null = null;
  while (true) {
    const response: Response = await ask({ model, input, tools: [WEATHER], previous_response_id });
    const calls = response.output.filter((item) => item.type === "function_call");
    if (calls.length === 0) return response.output_text;
    previous_response_id = response.id;
    input = calls.map(({ call_id, arguments: text }) => {
      const { city } = JSON.parse(text) as { city: string };
      return { type: "function_call_output", call_id, output: getWeather(city) };
    });
  }
}

const WEATHER: FunctionTool = {
  type: "function",
  name: "get_weather",
  description: "The weather in a city.",
  parameters: {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  },
  strict: true,
};

function connect({ baseURL, apiKey }: Api): OpenAI {
  return new OpenAI({ baseURL, apiKey });
}

function tokensOf(usage: ResponseUsage | null | undefined) {
  return usage ? { input: usage.input_tokens, output: usage.output_tokens } : null;
}
