import assert from "node:assert/strict";
import type OpenAI from "openai";
import { RESPONSES, responseBody } from "../kit/ask.ts";
import { MODELS } from "../kit/models.ts";
import { ANSWER } from "../kit/script.ts";
import { upstreamJson } from "../kit/upstream.ts";
import { PAGES, type Requirement, type RequirementContext } from "../requirement.ts";

const operations = ["createResponse"];
const reference = PAGES.responses;

/** Requirements on whole responses. */
export const responsesRequirements: readonly Requirement[] = [
  {
    id: "responses.object",
    title:
      "A response has every documented key, with the defaults spelt out, and one message with what the model said.",
    reference: PAGES.responseObject,
    operations,
    async run({ client }) {
      for (const model of [MODELS.chat, MODELS.engine]) {
        const response = await client.responses.create({ model, input: "Say hello." });
        assert.match(response.id, /^resp_[0-9a-f]{32,}$/);
        assert.ok(Math.abs(response.created_at - Date.now() / 1000) < 60 && Number.isInteger(response.created_at));
        const { status, error, incomplete_details, instructions, previous_response_id, metadata, tools } = response;
        assert.deepEqual(
          { status, error, incomplete_details, instructions, previous_response_id, metadata, tools },
          {
            status: "completed",
            error: null,
            incomplete_details: null,
            instructions: null,
            previous_response_id: null,
            metadata: {},
            tools: [],
          },
        );
        const { object, parallel_tool_calls, temperature, top_p, tool_choice, text, truncation, background } = response;
        assert.deepEqual(
          { object, parallel_tool_calls, temperature, top_p, tool_choice, text, truncation, background },
          {
            object: "response",
            parallel_tool_calls: true,
            temperature: 1,
            top_p: 1,
            tool_choice: "auto",
            text: { format: { type: "text" } },
            truncation: "disabled",
            background: false,
          },
        );
        assert.equal(response.model, model);
        assert.equal(response.output_text, ANSWER);
        const [message] = response.output;
        assert.ok(message?.type === "message" && response.output.length === 1);
        assert.match(message.id, /^msg_/);
        assert.deepEqual([message.role, message.status], ["assistant", "completed"]);
        assert.deepEqual(message.content, [{ type: "output_text", text: ANSWER, annotations: [], logprobs: [] }]);
      }
    },
  },
  {
    id: "responses.usage",
    title: "Usage has input, cached, output, reasoning and total tokens, and is settled.",
    reference: PAGES.responseObject,
    operations,
    async run({ client, engines, settled }) {
      engines.play({
        engineChat: ({ model }) => ({
          ...COMPLETION,
          model,
          usage: {
            prompt_tokens: 11,
            completion_tokens: 7,
            total_tokens: 18,
            prompt_tokens_details: { cached_tokens: 5 },
            completion_tokens_details: { reasoning_tokens: 3 },
          },
        }),
      });
      const { usage, _request_id } = await client.responses.create({ model: MODELS.engine, input: "Hi" });
      assert.deepEqual(usage, {
        input_tokens: 11,
        input_tokens_details: { cached_tokens: 5, cache_write_tokens: 0 },
        output_tokens: 7,
        output_tokens_details: { reasoning_tokens: 3 },
        total_tokens: 18,
      });
      const metered = { input_tokens: 11, cached_tokens: 5, output_tokens: 7, reasoning_tokens: 3, estimated: false };
      assert.deepEqual((await settled.of(_request_id)).usage, metered);
    },
  },
  {
    id: "responses.function-calls",
    title: "A model's calls are `function_call` items with a `call_id` and arguments as JSON text.",
    reference: PAGES.functionCalling,
    operations,
    async run({ client, engines }) {
      engines.play({
        chat: () => [
          "Let me look.",
          { tool_call: { id: "call_a", name: "weather", arguments: { at: "Oslo" } } },
          { tool_call: { id: "call_b", name: "weather", arguments: '{"at":"Rome"}' } },
        ],
      });
      const { output, status } = await client.responses.create({ model: MODELS.chat, input: "Hi", tools: [WEATHER] });
      assert.equal(status, "completed");
      assert.deepEqual(
        output.map(({ type }) => type),
        ["message", "function_call", "function_call"],
      );
      const [, first, second] = output as OpenAI.Responses.ResponseFunctionToolCall[];
      const { id, ...call } = first as OpenAI.Responses.ResponseFunctionToolCall;
      assert.match(id ?? "", /^fc_/);
      assert.deepEqual(call, {
        type: "function_call",
        status: "completed",
        call_id: "call_a",
        name: "weather",
        arguments: '{"at":"Oslo"}',
      });
      assert.equal(second?.call_id, "call_b");
    },
  },
  {
    id: "responses.custom-calls",
    title: "A custom tool's call is a `custom_tool_call` item with its input as free text.",
    reference: PAGES.functionCalling,
    operations,
    async run({ client, engines }) {
      const tool_calls = [{ id: "call_c", type: "custom" as const, custom: { name: "sum", input: "1 + 1" } }];
      const message = { role: "assistant" as const, content: null, refusal: null, tool_calls };
      engines.play({ engineChat: () => completionOf(message, "tool_calls") });
      const tools: OpenAI.Responses.Tool[] = [
        { type: "custom", name: "sum", format: { type: "grammar", syntax: "lark", definition: "start: INT" } },
      ];
      const { output } = await client.responses.create({ model: MODELS.engine, input: "Hi", tools });
      const { id, ...call } = output[0] as OpenAI.Responses.ResponseCustomToolCall;
      assert.match(id ?? "", /^ctc_/);
      assert.deepEqual(call, {
        type: "custom_tool_call",
        status: "completed",
        call_id: "call_c",
        name: "sum",
        input: "1 + 1",
      });
      assert.deepEqual(engines.calls[0]?.request.tools, [
        {
          type: "custom",
          custom: { name: "sum", format: { type: "grammar", grammar: { definition: "start: INT", syntax: "lark" } } },
        },
      ]);
    },
  },
  {
    id: "responses.refusal",
    title: "A refusal is a `refusal` part of the message.",
    reference: PAGES.responseObject,
    operations,
    async run({ client, engines }) {
      engines.play({ chat: () => ({ refusal: "I would rather not." }) });
      const { output } = await client.responses.create({ model: MODELS.chat, input: "Hi" });
      const [message] = output as OpenAI.Responses.ResponseOutputMessage[];
      assert.deepEqual(message?.content, [{ type: "refusal", refusal: "I would rather not." }]);
    },
  },
  {
    id: "responses.incomplete",
    title: "An answer that was cut off is `incomplete`, and says why; so is the item that it was cut off in.",
    reference: PAGES.responseObject,
    operations,
    async run({ client, engines }) {
      const reasons = [
        ["length", "max_output_tokens"],
        ["content_filter", "content_filter"],
      ] as const;
      for (const [finish_reason, reason] of reasons) {
        engines.play({ chat: () => ["So far", { finish_reason }] });
        const response = await client.responses.create({ model: MODELS.chat, input: "Hi" });
        assert.equal(response.status, "incomplete");
        assert.deepEqual(response.incomplete_details, { reason });
        assert.equal(response.completed_at, null);
        assert.equal((response.output[0] as OpenAI.Responses.ResponseOutputMessage).status, "incomplete");
      }
    },
  },
  {
    id: "responses.reasoning",
    title: "Thoughts that a model shows are a `reasoning` item in front of what it says.",
    reference: PAGES.responseObject,
    operations,
    async run({ client, engines }) {
      const message = {
        role: "assistant" as const,
        content: "Hi.",
        refusal: null,
        reasoning_content: "They greet me.",
      };
      engines.play({ engineChat: () => completionOf(message, "stop") });
      const { output } = await client.responses.create({ model: MODELS.engine, input: "Hi" });
      const [reasoning, said] = output;
      assert.ok(reasoning?.type === "reasoning" && said?.type === "message");
      assert.match(reasoning.id, /^rs_/);
      assert.deepEqual(reasoning.content, [{ type: "reasoning_text", text: "They greet me." }]);
      assert.deepEqual(reasoning.summary, []);
    },
  },
  {
    id: "responses.text-format",
    title: "`text.format` and `text.verbosity` reach the model; `responses.parse` gives the parsed object.",
    reference: PAGES.structuredOutputs,
    operations,
    async run({ client, engines }) {
      const schema = {
        type: "object",
        properties: { at: { type: "string" } },
        required: ["at"],
        additionalProperties: false,
      };
      engines.play({
        engineChat: () => completionOf({ role: "assistant", content: '{"at":"Oslo"}', refusal: null }, "stop"),
      });
      const format = { type: "json_schema", name: "place", schema, strict: true } as const;
      const asked = { model: MODELS.engine, input: "Where?", text: { format, verbosity: "low" as const } };
      const response = await client.responses.parse(asked);
      assert.deepEqual(response.output_parsed, { at: "Oslo" });
      assert.deepEqual(response.text, asked.text);
      const { response_format, verbosity } = engines.calls[0]?.request ?? {};
      assert.deepEqual(response_format, { type: "json_schema", json_schema: { name: "place", schema, strict: true } });
      assert.equal(verbosity, "low");
    },
  },
  {
    id: "responses.upstream",
    title: "A model whose far side only chats answers responses, too.",
    reference,
    operations,
    async run(context) {
      const body = { ...COMPLETION, model: "up-1" };
      context.engines.play({ upstream: async () => upstreamJson(body) });
      const response = await context.client.responses.create({ model: MODELS.upstream, input: "Hi" });
      assert.equal(response.output_text, "Done.");
      assert.equal(context.engines.calls[0]?.request.path, "/chat/completions");
    },
  },
  {
    id: "responses.emulated",
    title: "What core honours in the model's stead is named in `outlet-emulated`, in the request's own terms.",
    reference,
    operations,
    async run({ http, engines }: RequirementContext) {
      engines.play({
        chat: () => "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen",
      });
      const reply = await http.send({ path: RESPONSES, body: responseBody({ max_output_tokens: 16 }) });
      const emulated = (reply.headers["outlet-emulated"] ?? "").split(", ");
      assert.ok(emulated.includes("max_output_tokens"), reply.headers["outlet-emulated"]);
      const response = reply.json() as OpenAI.Responses.Response;
      assert.equal(response.status, "incomplete");
      assert.deepEqual(response.incomplete_details, { reason: "max_output_tokens" });
    },
  },
];

export const WEATHER: OpenAI.Responses.FunctionTool = {
  type: "function",
  name: "weather",
  description: "The weather at a place.",
  parameters: { type: "object", properties: { at: { type: "string" } }, required: ["at"], additionalProperties: false },
  strict: true,
};

const COMPLETION = {
  id: "chatcmpl-engine",
  object: "chat.completion" as const,
  created: 1,
  model: "engine",
  choices: [
    {
      index: 0,
      message: { role: "assistant" as const, content: "Done.", refusal: null },
      logprobs: null,
      finish_reason: "stop" as const,
    },
  ],
};

type Message = (typeof COMPLETION)["choices"][0]["message"];

function completionOf(
  message: Omit<Message, "content"> & { content: string | null },
  finish_reason: "stop" | "tool_calls",
) {
  return { ...COMPLETION, choices: [{ index: 0, message, logprobs: null, finish_reason }] };
}
