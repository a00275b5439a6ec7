import { zodFunction } from "openai/helpers/zod";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { ChatCompletionChunk, ChatToolCallDelta } from "../resources/chat/completions/chat-completions.types.ts";
import { call, modelOf, modelSaying } from "./test-models.fixture.ts";

const messages = [{ role: "user" as const, content: "Weather in Oslo?" }];
const parameters = {
  type: "object",
  properties: { at: { type: "string" } },
  required: ["at"],
  additionalProperties: false,
};
const weather = { type: "function" as const, function: { name: "weather", parameters } };
const strictWeather = { type: "function" as const, function: { name: "weather", parameters, strict: true } };
const note = { type: "custom" as const, custom: { name: "note" } };
const asked = { model: "m", messages, tools: [weather, note] };
const OSLO = { at: "Oslo" };
const inWords = (...calls: object[]) => JSON.stringify({ tool_calls: calls });
const NO_TOOLS = { capabilities: { tools: false } };

describe("a model that has no tools", () => {
  test("is told of them, and its JSON becomes calls, whole and streamed", async () => {
    const says = inWords({ name: "weather", arguments: OSLO }, { name: "note", input: "cold" });
    const { client, post, asked: engine } = modelSaying([says], NO_TOOLS);
    const { choices } = await client.chat.completions.create(asked);
    expect(choices[0]).toMatchObject({ finish_reason: "tool_calls", message: { content: null } });
    const calls = choices[0]?.message.tool_calls;
    expect(calls).toEqual([
      call("weather", OSLO, expect.stringMatching(/^call_/)),
      { id: expect.stringMatching(/^call_/), type: "custom", custom: { name: "note", input: "cold" } },
    ]);
    expect(engine[0]).not.toHaveProperty("tools");
    expect(engine[0]?.messages[0]?.content).toContain('"additionalProperties":false');
    const one = modelSaying([inWords({ name: "weather", arguments: OSLO })], NO_TOOLS);
    const streamed = await one.client.chat.completions.stream(asked).finalChatCompletion();
    expect(streamed.choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: { arguments: '{"at":"Oslo"}' } });
    expect((await post("/chat/completions", asked)).headers.get("outlet-emulated")).toBe("tools=prompt");
  });

  test("answers in its own words, or in the form it was told", async () => {
    for (const says of ["It rains.", '{"content":"It rains."}', '```json\n{"content": "It rains."}\n```']) {
      const { client } = modelSaying([says], NO_TOOLS);
      const { choices } = await client.chat.completions.create(asked);
      expect(choices[0]).toMatchObject({ finish_reason: "stop", message: { content: "It rains." } });
    }
  });

  test("is told what is wrong with a call, and asked again", async () => {
    const wrong = [
      inWords({ name: "storm", arguments: {} }),
      inWords({ name: "weather", arguments: [] }),
      '{"tool_calls": [{"name": "weather", ',
      inWords({ name: "note", input: 5 }),
      inWords(),
    ];
    for (const says of wrong) {
      const { client, asked: engine } = modelSaying([says, inWords({ name: "weather", arguments: OSLO })], NO_TOOLS);
      const { choices } = await client.chat.completions.create(asked);
      expect(choices[0]?.message.tool_calls).toHaveLength(1);
      expect(engine).toHaveLength(2);
      const failing = modelSaying([says], NO_TOOLS);
      expect((await failing.post("/chat/completions", asked)).status).toBe(502);
      expect(failing.asked).toHaveLength(3);
    }
  });

  test("reads what was called before in words, whatever it may call now", async () => {
    const history = [
      ...messages,
      { role: "assistant" as const, tool_calls: [call("weather", OSLO, "a"), call("weather", {}, "b")] },
      { role: "tool" as const, tool_call_id: "a", content: "rain" },
      { role: "tool" as const, tool_call_id: "b", content: [{ type: "text" as const, text: "sun" }] },
    ];
    const { client, asked: engine } = modelSaying(["It rains."], NO_TOOLS);
    await client.chat.completions.create({ model: "m", messages: history });
    expect(engine[0]?.messages.slice(1)).toEqual([
      {
        role: "assistant",
        content: inWords({ name: "weather", arguments: OSLO }, { name: "weather", arguments: {} }),
      },
      { role: "user", content: "The result of weather:\nrain\n\nThe result of weather:\nsun" },
    ]);
  });

  test("calls what it must, and only what it may", async () => {
    const one = inWords({ name: "weather", arguments: OSLO }, { name: "weather", arguments: OSLO });
    const forced = modelSaying(["No.", one], NO_TOOLS);
    const named = await forced.client.chat.completions.create({
      ...asked,
      tool_choice: { type: "function", function: { name: "weather" } },
      parallel_tool_calls: false,
    });
    expect(named.choices[0]?.message.tool_calls).toHaveLength(1);
    expect(named.choices[0]?.finish_reason).toBe("stop");
    expect(forced.asked[0]?.messages[0]?.content).not.toContain('"note"');
    const none = modelSaying(['{"tool_calls":[]}'], NO_TOOLS);
    const plain = await none.client.chat.completions.create({ ...asked, tool_choice: "none" });
    expect(plain.choices[0]?.message.content).toBe('{"tool_calls":[]}');
    expect(none.asked[0]?.messages).toEqual(messages);
  });

  test("keeps to a schema beside them, and to strict functions", async () => {
    const json_schema = { name: "place", strict: true, schema: parameters };
    const response_format = { type: "json_schema" as const, json_schema };
    for (const says of ['{"content":{"at":"Oslo"}}', '{"at":"Oslo"}']) {
      const { client } = modelSaying(['{"content":{"at":5}}', says], NO_TOOLS);
      const { choices } = await client.chat.completions.create({ ...asked, response_format });
      expect(choices[0]?.message.content).toBe('{"at":"Oslo"}');
    }
    const wrong = inWords({ name: "weather", arguments: { in: "Oslo" } });
    const { client, asked: engine } = modelSaying([wrong, inWords({ name: "weather", arguments: OSLO })], NO_TOOLS);
    const { choices } = await client.chat.completions.create({ ...asked, tools: [strictWeather] });
    expect(choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: { arguments: '{"at":"Oslo"}' } });
    expect(engine[1]?.messages.at(-1)?.content).toContain("at 'at': missing");
  });

  test("what it could not finish goes out without the form", async () => {
    const cut = [
      ['{"content":"It ra\\u00efn\\', "It raïn"],
      ['{"tool_calls":[{"name":"wea', ""],
      ["It ra", "It ra"],
    ] as const;
    for (const [said, content] of cut) {
      const { client } = modelSaying([{ content: said, finish_reason: "length" }], NO_TOOLS);
      const { choices } = await client.chat.completions.create(asked);
      expect(choices[0]).toMatchObject({ finish_reason: "length", message: { content } });
    }
  });

  test("has no grammars", async () => {
    const format = { type: "grammar" as const, grammar: { syntax: "regex" as const, definition: "a" } };
    const tools = [{ type: "custom" as const, custom: { name: "sum", format } }];
    const { post } = modelSaying([""], NO_TOOLS);
    const response = await post("/chat/completions", { ...asked, tools });
    expect(await response.json()).toMatchObject({ error: { param: "tools[0].custom.format" } });
  });
});

describe("the SDK's helpers", () => {
  const Weather = z.object({ at: z.string() });
  test.each([{}, { tools: false }, { structured_outputs: false }])(
    "run tools and parse arguments: %o",
    async (capabilities) => {
      const said =
        capabilities.tools === false
          ? inWords({ name: "weather", arguments: OSLO })
          : { tool_calls: [call("weather", OSLO)] };
      const { client } = modelSaying([said, "It rains."], { capabilities });
      const seen: object[] = [];
      const observe = (args: object) => {
        seen.push(args);
        return "rain";
      };
      const runner = client.chat.completions.runTools({
        model: "m",
        messages,
        tools: [zodFunction({ name: "weather", parameters: Weather, function: observe })],
      });
      expect(await runner.finalContent()).toBe("It rains.");
      expect(seen).toEqual([OSLO]);
      const parsing = modelSaying([said], { capabilities });
      const tools = [zodFunction({ name: "weather", parameters: Weather })];
      const { choices } = await parsing.client.chat.completions.parse({ model: "m", messages, tools });
      expect(choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: { parsed_arguments: OSLO } });
    },
  );
});

describe("strict functions", () => {
  const wrong = { tool_calls: [call("weather", { at: 5 })] };
  const strict = { ...asked, tools: [strictWeather] };

  test("fail clearly where the model was trusted to keep to them", async () => {
    const { post } = modelSaying([wrong]);
    const response = await post("/chat/completions", strict);
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({
      error: { message: expect.stringContaining("'weather' with arguments that do not match its schema: at 'at':") },
    });
  });

  test("are asked for again where it was not", async () => {
    const capabilities = { structured_outputs: false };
    const {
      client,
      post,
      asked: engine,
    } = modelSaying([wrong, { tool_calls: [call("weather", OSLO)] }], { capabilities });
    const { choices, usage } = await client.chat.completions.create(strict);
    expect(choices[0]?.message.tool_calls).toEqual([call("weather", OSLO)]);
    expect(usage?.completion_tokens).toBe(10);
    expect(engine[1]?.messages.slice(1)).toMatchObject([
      { role: "assistant", tool_calls: wrong.tool_calls },
      { role: "tool", tool_call_id: "call_weather", content: expect.stringContaining("at 'at': expected a string") },
    ]);
    expect((await post("/chat/completions", strict)).headers.get("outlet-emulated")).toBe("tools=repair");
  });
});

describe("an engine that honours tools and not how they are to be called", () => {
  const options = { honours: ["tools"] };

  test("is offered what may be called, and asked again when it called nothing", async () => {
    const { client, asked: engine } = modelSaying(["Hm.", { tool_calls: [call("weather", OSLO)] }], options);
    const { choices } = await client.chat.completions.create({ ...asked, tool_choice: "required" });
    expect(choices[0]).toMatchObject({ finish_reason: "tool_calls" });
    expect(engine[0]).not.toHaveProperty("tool_choice");
    await client.chat.completions.create({
      ...asked,
      tool_choice: {
        type: "allowed_tools",
        allowed_tools: { mode: "auto", tools: [{ type: "custom", custom: { name: "note" } }] },
      },
    });
    expect(engine[2]?.tools).toEqual([note]);
    await client.chat.completions.create({ ...asked, tool_choice: "none" });
    expect(engine[3]).not.toHaveProperty("tools");
  });

  test("gives one call where one was asked for", async () => {
    const { client, post } = modelSaying([{ tool_calls: [call("weather", OSLO), call("weather", {}, "b")] }], options);
    const one = { ...asked, parallel_tool_calls: false };
    const { choices } = await client.chat.completions.create(one);
    expect(choices[0]?.message.tool_calls).toEqual([call("weather", OSLO)]);
    expect((await post("/chat/completions", one)).headers.get("outlet-emulated")).toBe("parallel_tool_calls");
  });

  test("gets functions as tools, and gives its calls back as functions", async () => {
    const { client, asked: engine } = modelSaying([{ tool_calls: [call("weather", OSLO)] }], options);
    const legacy = {
      model: "m",
      functions: [{ name: "weather", parameters }],
      messages: [
        ...messages,
        { role: "assistant" as const, content: null, function_call: { name: "weather", arguments: "{}" } },
        { role: "function" as const, name: "weather", content: "where?" },
      ],
    };
    const { choices } = await client.chat.completions.create(legacy);
    expect(choices[0]).toMatchObject({
      finish_reason: "function_call",
      message: { content: null, function_call: { name: "weather", arguments: '{"at":"Oslo"}' } },
    });
    expect(choices[0]?.message.tool_calls).toBeUndefined();
    expect(engine[0]).not.toHaveProperty("functions");
    expect(engine[0]).toMatchObject({
      tools: [weather],
      messages: [
        {},
        { role: "assistant", tool_calls: [{ id: "call_1", function: { name: "weather", arguments: "{}" } }] },
        { role: "tool", tool_call_id: "call_1", content: "where?" },
      ],
    });
    const streamed = await client.chat.completions.stream(legacy).finalChatCompletion();
    expect(streamed.choices[0]?.message.function_call).toEqual({ name: "weather", arguments: '{"at":"Oslo"}' });
    expect(streamed.choices[0]?.finish_reason).toBe("function_call");
  });
});

test("an engine's calls are put in order: indexes without gaps, ids, heads said once, what they are", async () => {
  const deltas: ChatToolCallDelta[] = [
    { index: 3, function: { name: "weather", arguments: '{"at"' } },
    { index: 3, id: "late", type: "function", function: { name: "weather", arguments: ':"Oslo"}' } },
    { index: 0, id: "b", function: { name: "weather" } },
    { index: 0, id: "b", function: { name: "weather", arguments: "{}" } },
    { index: 0, id: "c", function: { name: "weather", arguments: "[]" } },
  ];
  const chunk = (delta: ChatCompletionChunk["choices"][number]["delta"], finish_reason: "stop" | null = null) => ({
    id: "x",
    object: "chat.completion.chunk" as const,
    created: 1,
    model: "m",
    choices: [{ index: 0, delta, finish_reason }],
  });
  const { client } = modelOf({
    specificationVersion: "v1",
    chat: () => [...deltas.map((delta) => chunk({ tool_calls: [delta] })), chunk({}, "stop")],
  });
  const { choices } = await client.chat.completions.create(asked);
  expect(choices[0]?.finish_reason).toBe("tool_calls");
  expect(choices[0]?.message.tool_calls).toEqual([
    call("weather", OSLO, expect.stringMatching(/^call_/)),
    call("weather", "{}", "b"),
    call("weather", "[]", "c"),
  ]);
  const streamed = await client.chat.completions.stream(asked).finalChatCompletion();
  expect(streamed.choices[0]?.message.tool_calls).toEqual(
    choices[0]?.message.tool_calls?.map((one) => ({ ...one, id: expect.any(String) })),
  );
});
