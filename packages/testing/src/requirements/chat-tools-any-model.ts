import assert from "node:assert/strict";
import type OpenAI from "openai";
import { CHAT, chatBody, SAY_HELLO, streamedChat } from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import { MODELS } from "../kit/models.ts";
import { functionCall, SAID_USAGE, saying } from "../kit/saying.ts";
import { PAGES, type Requirement } from "../requirement.ts";
import { chat } from "./chat.ts";

const operations = ["createChatCompletion"];
const reference = PAGES.functionCalling;

const parameters = {
  type: "object",
  properties: { at: { type: "string" } },
  required: ["at"],
  additionalProperties: false,
};
const weather = { name: "weather", parameters };
const WEATHER: OpenAI.ChatCompletionTool = { type: "function", function: weather };
const STRICT: OpenAI.ChatCompletionTool = { type: "function", function: { ...weather, strict: true } };
const OSLO = { at: "Oslo" };
const inWords = (...calls: object[]) => JSON.stringify({ tool_calls: calls });

export const chatToolsOnAnyModelRequirements: readonly Requirement[] = [
  {
    id: "chat.tools.prompted",
    title: "A model that has no tools is told of them, and calls them: whole, streamed, and named in the header.",
    reference,
    operations,
    async run(context) {
      const said = inWords({ name: "weather", arguments: OSLO }, { name: "weather", arguments: { at: "Rome" } });
      context.engines.play({ engineChat: saying(said) });
      const asked = { model: MODELS.words, tools: [WEATHER] };
      const [choice] = (await chat(context, asked)).choices;
      assert.deepEqual([choice?.message.content, choice?.finish_reason], [null, "tool_calls"]);
      const texts = choice?.message.tool_calls?.map((call) => call.type === "function" && call.function.arguments);
      assert.deepEqual(texts, ['{"at":"Oslo"}', '{"at":"Rome"}']);
      assert.ok(!("tools" in (context.engines.calls[0]?.request ?? {})));
      const { chunks, headers } = await streamedChat(context, asked);
      const deltas = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
      const streamed = [0, 1].map((index) =>
        deltas.map((delta) => (delta.index === index ? (delta.function?.arguments ?? "") : "")).join(""),
      );
      assert.deepEqual(streamed, texts);
      assert.equal(headers["outlet-emulated"], "tools=prompt");
    },
  },
  {
    id: "chat.tools.prompted.repair",
    title: "A call that cannot be made is asked for again, twice at most; an answer in words is an answer.",
    reference,
    operations,
    async run(context) {
      const asked = { model: MODELS.words, tools: [WEATHER] };
      context.engines.play({
        engineChat: saying(inWords({ name: "storm" }), inWords({ name: "weather", arguments: OSLO })),
      });
      const { choices, usage } = await chat(context, asked);
      assert.equal(choices[0]?.message.tool_calls?.length, 1);
      assert.equal(usage?.total_tokens, 2 * SAID_USAGE.total_tokens);
      context.engines.play({ engineChat: saying(inWords({ name: "storm" })) });
      assertError(await context.http.send({ path: CHAT, body: chatBody(asked) }), {
        status: 502,
        type: "server_error",
      });
      context.engines.play({ engineChat: saying("It rains.") });
      assert.equal((await chat(context, asked)).choices[0]?.message.content, "It rains.");
    },
  },
  {
    id: "chat.tools.prompted.run",
    title: "The SDK's `runTools` works on a model that has no tools.",
    reference,
    operations,
    async run({ client, engines }) {
      engines.play({ engineChat: saying(inWords({ name: "weather", arguments: OSLO }), "It is raining.") });
      const asked: string[] = [];
      const runner = client.chat.completions.runTools({
        model: MODELS.words,
        messages: [...SAY_HELLO],
        tools: [
          {
            type: "function",
            function: {
              ...weather,
              description: "",
              function: (text: string) => {
                asked.push(text);
                return "raining";
              },
            },
          },
        ],
      });
      assert.equal(await runner.finalContent(), "It is raining.");
      assert.deepEqual(asked, ['{"at":"Oslo"}']);
      const last = engines.calls.at(-1)?.request.messages as { role: string; content: string }[];
      assert.deepEqual(last.at(-1), { role: "user", content: "The result of weather:\nraining" });
    },
  },
  {
    id: "chat.tools.parallel",
    title: "`parallel_tool_calls: false` gives one call, whatever the engine says.",
    reference,
    operations,
    async run(context) {
      const tool_calls = [functionCall("weather", OSLO, "a"), functionCall("weather", {}, "b")];
      context.engines.play({ engineChat: saying({ tool_calls }) });
      for (const model of [MODELS.engine, MODELS.formless]) {
        const { choices } = await chat(context, { model, tools: [WEATHER], parallel_tool_calls: false });
        assert.deepEqual(choices[0]?.message.tool_calls, tool_calls.slice(0, 1));
      }
    },
  },
  {
    id: "chat.tools.strict-arguments",
    title: "Arguments of a strict function that do not match: an error that says where, or asked for again.",
    reference: PAGES.structuredOutputs,
    operations,
    async run(context) {
      const wrong = { tool_calls: [functionCall("weather", { at: 5 })] };
      const right = { tool_calls: [functionCall("weather", OSLO)] };
      context.engines.play({ engineChat: saying(wrong) });
      const failed = await context.http.send({ path: CHAT, body: chatBody({ model: MODELS.engine, tools: [STRICT] }) });
      assertError(failed, { status: 502, type: "server_error", message: /at 'at': expected a string/ });
      context.engines.play({ engineChat: saying(wrong, right) });
      const { choices } = await chat(context, { model: MODELS.formless, tools: [STRICT] });
      assert.deepEqual(choices[0]?.message.tool_calls, right.tool_calls);
    },
  },
  {
    id: "chat.tools.functions",
    title: "A model of functions gets `functions` as tools, and its calls reach the client as `function_call`.",
    reference: PAGES.chat,
    operations,
    async run(context) {
      const seen: unknown[] = [];
      context.engines.play({
        chat: ({ tools }) => {
          seen.push(tools);
          return { tool_call: { name: "weather", arguments: OSLO } };
        },
      });
      const asked = { functions: [weather], function_call: { name: "weather" } };
      const [choice] = (await chat(context, asked)).choices;
      assert.deepEqual(choice?.message.function_call, { name: "weather", arguments: '{"at":"Oslo"}' });
      assert.ok(!choice?.message.tool_calls);
      assert.deepEqual(seen, [[WEATHER]]);
      const { chunks, headers } = await streamedChat(context, asked);
      const deltas = chunks.flatMap((chunk) => chunk.choices[0]?.delta.function_call ?? []);
      assert.equal(deltas.map((delta) => delta.arguments ?? "").join(""), '{"at":"Oslo"}');
      assert.match(headers["outlet-emulated"] ?? "", /(^|, )functions(,|$)/);
    },
  },
];
