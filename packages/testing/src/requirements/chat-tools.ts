import assert from "node:assert/strict";
import type OpenAI from "openai";
import { CHAT, chatBody, refused, SAY_HELLO, streamedChat } from "../kit/ask.ts";
import { MODELS } from "../kit/models.ts";
import { PAGES, type Requirement } from "../requirement.ts";
import { chat } from "./chat.ts";

const operations = ["createChatCompletion"];

const WEATHER: OpenAI.ChatCompletionTool = {
  type: "function",
  function: {
    name: "weather",
    description: "The weather at a place.",
    parameters: {
      type: "object",
      properties: { at: { type: "string" } },
      required: ["at"],
      additionalProperties: false,
    },
    strict: true,
  },
};
const GRAMMAR: OpenAI.ChatCompletionTool = {
  type: "custom",
  custom: { name: "sum", format: { type: "grammar", grammar: { syntax: "lark", definition: "start: INT" } } },
};

export const chatToolsRequirements: readonly Requirement[] = [
  {
    id: "chat.tools.request",
    title: "`tools`, `parallel_tool_calls` and every form of `tool_choice` reach the engine untouched.",
    reference: PAGES.functionCalling,
    operations,
    async run({ client, engines }) {
      const choices: OpenAI.ChatCompletionToolChoiceOption[] = [
        "none",
        "auto",
        "required",
        { type: "function", function: { name: "weather" } },
        { type: "custom", custom: { name: "sum" } },
        {
          type: "allowed_tools",
          allowed_tools: { mode: "auto", tools: [{ type: "function", function: { name: "weather" } }] },
        },
      ];
      const tools = [WEATHER, GRAMMAR];
      for (const model of [MODELS.engine, MODELS.chat]) {
        for (const tool_choice of choices) {
          const asked = { tools, tool_choice, parallel_tool_calls: false };
          await client.chat.completions.create({ model, messages: [...SAY_HELLO], ...asked });
          const request = engines.calls.at(-1)?.request;
          const got = {
            tools: request?.tools,
            tool_choice: request?.tool_choice,
            parallel_tool_calls: request?.parallel_tool_calls,
          };
          assert.deepEqual(got, asked);
        }
      }
    },
  },
  {
    id: "chat.tools.reply",
    title: "Tool calls have id, type, name and arguments as JSON text; `content` is null, `finish_reason: tool_calls`.",
    reference: PAGES.chatObject,
    operations,
    async run(context) {
      context.engines.play({
        chat: () => [
          { tool_call: { id: "call_a", name: "weather", arguments: { at: "Oslo" } } },
          { tool_call: { name: "weather", arguments: '{"at":"Rome"}' } },
        ],
      });
      const { choices } = await chat(context, { tools: [WEATHER] });
      assert.equal(choices[0]?.finish_reason, "tool_calls");
      assert.equal(choices[0]?.message.content, null);
      const calls = choices[0]?.message.tool_calls ?? [];
      assert.deepEqual(calls[0], {
        id: "call_a",
        type: "function",
        function: { name: "weather", arguments: '{"at":"Oslo"}' },
      });
      assert.match(calls[1]?.id ?? "", /^call_\w+$/);
      assert.ok(calls[1]?.type === "function" && calls[1].function.arguments === '{"at":"Rome"}');
    },
  },
  {
    id: "chat.tools.deltas",
    title: "A tool call's deltas always have its index; its id, type and name come once, in its first.",
    reference: PAGES.chatStreaming,
    operations,
    async run(context) {
      context.engines.play({ engineChat: ({ model }) => slowToolCalls(model) });
      const { chunks } = await streamedChat(context, { model: MODELS.engine, tools: [WEATHER] });
      const deltas = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
      assert.ok(deltas.length >= 4);
      for (const index of [0, 1]) {
        const [first, ...rest] = deltas.filter((delta) => delta.index === index);
        assert.deepEqual([first?.id, first?.type, first?.function?.name], [`call_${index}`, "function", "weather"]);
        for (const delta of rest) {
          assert.ok(!delta.id && !delta.type && !delta.function?.name, `repeated: ${JSON.stringify(delta)}`);
        }
        const text = [first, ...rest].map((delta) => delta?.function?.arguments ?? "").join("");
        assert.deepEqual(JSON.parse(text), { at: `city ${index}` });
      }
      assert.equal(chunks.at(-1)?.choices[0]?.finish_reason, "tool_calls");
    },
  },
  {
    id: "chat.tools.custom",
    title: "A custom tool's call has its input as free text, whole and streamed.",
    reference: PAGES.functionCalling,
    operations,
    async run(context) {
      const tool_calls = [{ id: "call_c", type: "custom" as const, custom: { name: "sum", input: "1 + 1" } }];
      context.engines.play({
        engineChat: ({ model }) => ({
          id: "chatcmpl-custom",
          object: "chat.completion",
          created: 1,
          model,
          choices: [
            {
              index: 0,
              message: { role: "assistant", content: null, refusal: null, tool_calls },
              logprobs: null,
              finish_reason: "tool_calls",
            },
          ],
        }),
      });
      const asked = { model: MODELS.engine, tools: [GRAMMAR] };
      assert.deepEqual((await chat(context, asked)).choices[0]?.message.tool_calls, tool_calls);
      const { chunks } = await streamedChat(context, asked);
      const [delta] = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
      assert.deepEqual(delta, { index: 0, ...tool_calls[0] });
    },
  },
  {
    id: "chat.tools.run",
    title: "The SDK's `runTools` calls the function, sends its result back, and gets the final answer.",
    reference: PAGES.functionCalling,
    operations,
    async run({ client, engines }) {
      engines.play({
        chat: ({ messages }) => {
          const last = messages.at(-1);
          if (last?.role === "tool") return `It is ${String(last.content)}.`;
          return { tool_call: { name: "weather", arguments: { at: "Oslo" } } };
        },
      });
      const asked: string[] = [];
      const weather = (text: string) => {
        asked.push(text);
        return "raining";
      };
      const runner = client.chat.completions.runTools({
        model: MODELS.chat,
        messages: [...SAY_HELLO],
        tools: [
          { type: "function", function: { name: "weather", description: "", parameters: {}, function: weather } },
        ],
      });
      assert.equal(await runner.finalContent(), "It is raining.");
      assert.deepEqual(asked, ['{"at":"Oslo"}']);
    },
  },
  {
    id: "chat.tools.choice-alone",
    title: "`tool_choice` without `tools` is a 400 that names it; so is a tool without a usable name.",
    reference: PAGES.chat,
    operations,
    async run(context) {
      const alone = chatBody({ tool_choice: "required" });
      await refused(context, { path: CHAT, body: alone }, { status: 400, param: "tool_choice" });
      const unnamed = chatBody({ tools: [{ type: "function", function: { name: "not a name!" } }] });
      await refused(context, { path: CHAT, body: unnamed }, { status: 400, param: "tools[0].function.name" });
    },
  },
  {
    id: "chat.tools.legacy-functions",
    title:
      "`functions` and `function_call` reach the engine; its `function_call` reaches the client, whole and streamed.",
    reference: PAGES.chat,
    operations,
    async run(context) {
      const function_call = { name: "weather", arguments: '{"at":"Oslo"}' };
      context.engines.play({
        engineChat: ({ model }) => ({
          id: "chatcmpl-function",
          object: "chat.completion",
          created: 1,
          model,
          choices: [
            {
              index: 0,
              message: { role: "assistant", content: null, refusal: null, function_call },
              logprobs: null,
              finish_reason: "function_call",
            },
          ],
        }),
      });
      const asked = { functions: [{ name: "weather", parameters: {} }], function_call: { name: "weather" } };
      const { choices } = await chat(context, { model: MODELS.engine, ...asked });
      const request = context.engines.calls[0]?.request;
      assert.deepEqual({ functions: request?.functions, function_call: request?.function_call }, asked);
      assert.deepEqual(choices[0]?.message.function_call, function_call);
      assert.deepEqual([choices[0]?.message.content, choices[0]?.finish_reason], [null, "function_call"]);
      const { chunks } = await streamedChat(context, { model: MODELS.engine, ...asked });
      const deltas = chunks.flatMap((chunk) => chunk.choices[0]?.delta.function_call ?? []);
      assert.equal(deltas[0]?.name, "weather");
      assert.equal(deltas.map((delta) => delta.arguments ?? "").join(""), function_call.arguments);
      assert.equal(chunks.at(-1)?.choices[0]?.finish_reason, "function_call");
    },
  },
];

/** Two parallel calls whose arguments come in fragments, as a model produces them. */
async function* slowToolCalls(model: string) {
  const head = { id: "chatcmpl-tools", object: "chat.completion.chunk", created: 1, model } as const;
  for (const index of [0, 1]) {
    const opening = {
      index,
      id: `call_${index}`,
      type: "function",
      function: { name: "weather", arguments: "" },
    } as const;
    yield { ...head, choices: [{ index: 0, delta: { tool_calls: [opening] }, finish_reason: null }] };
    for (const fragment of ['{"at":', `"city ${index}"}`]) {
      const tool_calls = [{ index, function: { arguments: fragment } }];
      yield { ...head, choices: [{ index: 0, delta: { tool_calls }, finish_reason: null }] };
    }
  }
  yield { ...head, choices: [{ index: 0, delta: {}, finish_reason: "tool_calls" as const }] };
}
