import type OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { start, user } from "./test-support.ts";

const weather = {
  type: "function",
  function: {
    name: "get_weather",
    description: "Current weather of a city",
    parameters: {
      type: "object",
      properties: {
        city: { type: "string" },
        unit: { type: "string", enum: ["celsius", "fahrenheit"] },
        days: { type: "integer", minimum: 1, maximum: 7 },
      },
      required: ["city", "days"],
      additionalProperties: false,
    },
  },
} as const;
const time = {
  type: "function",
  function: { name: "get_time", description: "Local time of a place", parameters: { type: "object", properties: {} } },
} as const;

async function callsOf(client: OpenAI, content: string, more: Partial<OpenAI.ChatCompletionCreateParamsNonStreaming>) {
  const { choices } = await client.chat.completions.create({ model: "gpt-4o", messages: [user(content)], ...more });
  return choices[0] as OpenAI.ChatCompletion.Choice;
}

const names = ({ message }: OpenAI.ChatCompletion.Choice) =>
  (message.tool_calls ?? []).map((call) => (call.type === "function" ? call.function.name : call.custom.name));

describe("tools without a script", () => {
  it("calls the tool that the message is about, with arguments from the message", async () => {
    const { client } = await start();
    const choice = await callsOf(client, "What is the weather in Paris for 3 days, in fahrenheit?", {
      tools: [time, weather],
    });
    expect(choice.finish_reason).toBe("tool_calls");
    expect(names(choice)).toEqual(["get_weather"]);
    const [call] = choice.message.tool_calls ?? [];
    expect(JSON.parse(call?.type === "function" ? call.function.arguments : "")).toEqual({
      city: "Paris",
      days: 3,
      unit: "fahrenheit",
    });
  });

  it("calls several where the message is about several, unless calls may not be parallel", async () => {
    const { client } = await start();
    const both = { tools: [time, weather] };
    expect(names(await callsOf(client, "The weather and the time in Oslo", both)).sort()).toEqual([
      "get_time",
      "get_weather",
    ]);
    const one = await callsOf(client, "The weather and the time in Oslo", { ...both, parallel_tool_calls: false });
    expect(names(one)).toHaveLength(1);
  });

  it("obeys tool_choice", async () => {
    const { client } = await start();
    const tools = [weather, time];
    const named = { type: "function", function: { name: "get_time" } } as const;
    expect(names(await callsOf(client, "Tell me a joke", { tools }))).toEqual([]);
    expect(names(await callsOf(client, "The weather in Rome?", { tools, tool_choice: "none" }))).toEqual([]);
    expect(names(await callsOf(client, "Tell me a joke", { tools, tool_choice: "required" }))).toHaveLength(1);
    expect(names(await callsOf(client, "The weather in Rome?", { tools, tool_choice: named }))).toEqual(["get_time"]);
    const restricted: OpenAI.ChatCompletionToolChoiceOption = {
      type: "allowed_tools",
      allowed_tools: { mode: "required", tools: [{ type: "function", function: { name: "get_time" } }] },
    };
    expect(names(await callsOf(client, "The weather?", { tools, tool_choice: restricted }))).toEqual(["get_time"]);
  });

  it("answers in text once the result is there", async () => {
    const { client } = await start();
    const { choices } = await client.chat.completions.create({
      model: "gpt-4o",
      tools: [weather],
      messages: [
        user("What is the weather in Paris?"),
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "call_1", type: "function", function: { name: "get_weather", arguments: "{}" } }],
        },
        { role: "tool", tool_call_id: "call_1", content: '{"temperature": 21, "sky": "clear"}' },
      ],
    });
    expect(choices[0]?.finish_reason).toBe("stop");
    expect(choices[0]?.message.content).toMatch(/get_weather says: temperature is 21, sky is clear/i);
  });

  it("streams a call whose pieces make the whole", async () => {
    const { client } = await start();
    const stream = client.chat.completions.stream({
      model: "gpt-4o",
      messages: [user("What is the weather in Paris for 2 days?")],
      tools: [weather],
    });
    let pieces = 0;
    for await (const { choices } of stream) pieces += choices[0]?.delta.tool_calls?.length ?? 0;
    const final = await stream.finalChatCompletion();
    expect(pieces).toBeGreaterThan(3);
    expect(final.choices[0]?.message.tool_calls?.[0]).toMatchObject({
      type: "function",
      function: { name: "get_weather", arguments: '{"city":"Paris","days":2}' },
    });
  });

  it("calls custom tools, by their regex grammar if they have one", async () => {
    const { client } = await start();
    const code = { type: "custom", custom: { name: "run_code", description: "Runs code" } } as const;
    const choice = await callsOf(client, "print(1)", { tools: [code], tool_choice: "required" });
    expect(choice.message.tool_calls?.[0]).toMatchObject({
      type: "custom",
      custom: { name: "run_code", input: "print(1)" },
    });
    const grammar = { syntax: "regex", definition: "^ORD-[0-9]{4}$" } as const;
    const order = { type: "custom", custom: { name: "order", format: { type: "grammar", grammar } } } as const;
    const [call] =
      (await callsOf(client, "anything", { tools: [order], tool_choice: "required" })).message.tool_calls ?? [];
    expect(call?.type === "custom" && call.custom.input).toMatch(/^ORD-[0-9]{4}$/);
  });

  it("calls legacy functions", async () => {
    const { client } = await start();
    const { choices } = await client.chat.completions.create({
      model: "gpt-4o",
      messages: [user("anything")],
      functions: [weather.function],
      function_call: { name: "get_weather" },
    });
    expect(choices[0]?.finish_reason).toBe("function_call");
    expect(choices[0]?.message.function_call?.name).toBe("get_weather");
    expect(JSON.parse(choices[0]?.message.function_call?.arguments ?? "")).toHaveProperty("city");
  });

  it("cuts arguments at the token limit", async () => {
    const { client } = await start();
    const choice = await callsOf(client, "The weather in Paris?", { tools: [weather], max_completion_tokens: 5 });
    expect(choice.finish_reason).toBe("length");
    const [call] = choice.message.tool_calls ?? [];
    expect(() => JSON.parse(call?.type === "function" ? call.function.arguments : "{}")).toThrow();
  });
});
