import assert from "node:assert/strict";
import type OpenAI from "openai";
import { MODELS } from "../kit/models.ts";
import { PAGES, type Requirement } from "../requirement.ts";
import { WEATHER } from "./responses.ts";

const operations = ["createResponse"];
const reference = PAGES.responses;
const PIXEL = "data:image/png;base64,iVBORw0KGgo=";

/** Requirements on what a chat model is asked for a response. */
export const responsesInputRequirements: readonly Requirement[] = [
  {
    id: "responses.input.text",
    title: "A text is a user's message, `instructions` a system's in front of it.",
    reference,
    operations,
    async run({ client, engines }) {
      await client.responses.create({ model: MODELS.engine, instructions: "Be brief.", input: "Hi" });
      assert.deepEqual(engines.calls[0]?.request.messages, [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Hi" },
      ]);
    },
  },
  {
    id: "responses.input.items",
    title: "Messages of every role, images, files, calls and their outputs reach the model as a chat.",
    reference,
    operations,
    async run({ client, engines }) {
      const input: OpenAI.Responses.ResponseInput = [
        { role: "developer", content: "Be kind." },
        { role: "system", content: [{ type: "input_text", text: "Be brief." }] },
        {
          role: "user",
          content: [
            { type: "input_text", text: "What is this?" },
            { type: "input_image", image_url: PIXEL, detail: "low" },
            { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,JVBERi0=" },
          ],
        },
        { type: "reasoning", id: "rs_1", summary: [] },
        {
          id: "msg_1",
          type: "message",
          role: "assistant",
          status: "completed",
          content: [{ type: "output_text", text: "Let me look.", annotations: [] }],
        },
        { type: "function_call", call_id: "call_1", name: "weather", arguments: '{"at":"Oslo"}' },
        { type: "custom_tool_call", call_id: "call_2", name: "sum", input: "1 + 1" },
        { type: "function_call_output", call_id: "call_1", output: [{ type: "input_text", text: "Rain" }] },
        { type: "custom_tool_call_output", call_id: "call_2", output: "2" },
        { role: "user", content: "And now?" },
      ];
      await client.responses.create({ model: MODELS.engine, input });
      assert.deepEqual(engines.calls[0]?.request.messages, [
        { role: "developer", content: "Be kind." },
        { role: "system", content: "Be brief." },
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image_url", image_url: { url: PIXEL, detail: "low" } },
            { type: "file", file: { file_data: "data:application/pdf;base64,JVBERi0=", filename: "a.pdf" } },
          ],
        },
        {
          role: "assistant",
          content: "Let me look.",
          tool_calls: [
            { id: "call_1", type: "function", function: { name: "weather", arguments: '{"at":"Oslo"}' } },
            { id: "call_2", type: "custom", custom: { name: "sum", input: "1 + 1" } },
          ],
        },
        { role: "tool", tool_call_id: "call_1", content: "Rain" },
        { role: "tool", tool_call_id: "call_2", content: "2" },
        { role: "user", content: "And now?" },
      ]);
    },
  },
  {
    id: "responses.input.parameters",
    title: "Parameters reach the model under the names that a chat has for them, with the client's values.",
    reference,
    operations,
    async run({ client, engines }) {
      const shared = {
        temperature: 0.3,
        top_p: 0.9,
        user: "user-1",
        safety_identifier: "somebody",
        prompt_cache_key: "cache-1",
        parallel_tool_calls: false,
      };
      await client.responses.create({
        ...shared,
        model: MODELS.engine,
        input: "Hi",
        max_output_tokens: 77,
        top_logprobs: 2,
        reasoning: { effort: "low" },
        include: ["message.output_text.logprobs"],
        tools: [WEATHER],
        tool_choice: { type: "function", name: "weather" },
      });
      const { messages: _, ...request } = engines.calls[0]?.request ?? {};
      const { type, ...definition } = WEATHER;
      assert.deepEqual(request, {
        ...shared,
        model: MODELS.engine,
        stream: false,
        max_completion_tokens: 77,
        logprobs: true,
        top_logprobs: 2,
        reasoning_effort: "low",
        tools: [{ type, function: definition }],
        tool_choice: { type: "function", function: { name: "weather" } },
      });
    },
  },
  {
    id: "responses.input.tool-choice",
    title: "Every form of `tool_choice` for functions and custom tools reaches the model.",
    reference: PAGES.functionCalling,
    operations,
    async run({ client, engines }) {
      const forms: [OpenAI.Responses.ResponseCreateParams["tool_choice"], unknown][] = [
        ["none", "none"],
        ["auto", "auto"],
        ["required", "required"],
        [
          { type: "custom", name: "sum" },
          { type: "custom", custom: { name: "sum" } },
        ],
        [
          { type: "allowed_tools", mode: "required", tools: [{ type: "function", name: "weather" }] },
          {
            type: "allowed_tools",
            allowed_tools: { mode: "required", tools: [{ type: "function", function: { name: "weather" } }] },
          },
        ],
      ];
      const tools: OpenAI.Responses.Tool[] = [WEATHER, { type: "custom", name: "sum" }];
      for (const [tool_choice, expected] of forms) {
        const response = await client.responses.create({ model: MODELS.engine, input: "Hi", tools, tool_choice });
        assert.deepEqual(engines.calls.at(-1)?.request.tool_choice, expected);
        assert.deepEqual(response.tool_choice, tool_choice);
      }
    },
  },
];
