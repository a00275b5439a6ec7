import assert from "node:assert/strict";
import type OpenAI from "openai";
import {
  CHAT,
  COMPLETIONS,
  chatBody,
  completionBody,
  EMBEDDINGS,
  embeddingBody,
  MODERATIONS,
  moderationBody,
  refused,
} from "../kit/ask.ts";
import { MODELS } from "../kit/models.ts";
import { PAGES, type Requirement, type RequirementContext } from "../requirement.ts";

/** A valid value, or several, for each parameter. An SDK that learns a parameter does not compile until it is here. */
type Values<Params> = { [Name in keyof Required<Params>]: readonly Params[Name][] };

const TOOL = { type: "function", function: { name: "f", parameters: {} } } as const;

const CHAT_VALUES: Omit<
  Values<OpenAI.ChatCompletionCreateParamsNonStreaming>,
  "messages" | "model" | "stream" | "stream_options"
> = {
  audio: [null, { format: "mp3", voice: "alloy" }],
  frequency_penalty: [null, -2, 0, 2],
  function_call: ["none"],
  functions: [[{ name: "f", parameters: {} }]],
  logit_bias: [null, { "50256": -100 }],
  logprobs: [null, false, true],
  max_completion_tokens: [null, 100],
  max_tokens: [null, 100],
  metadata: [null, { key: "value" }],
  modalities: [null, ["text"], ["text", "audio"]],
  moderation: [null, { model: "omni-moderation-latest" }],
  n: [null, 1, 2],
  parallel_tool_calls: [true],
  prediction: [null, { type: "content", content: "Hello" }],
  presence_penalty: [null, -2, 2],
  prompt_cache_key: [null, "key"],
  prompt_cache_options: [{ mode: "implicit" }],
  prompt_cache_retention: [null, "in_memory", "24h"],
  reasoning_effort: [null, "none", "minimal", "low", "medium", "high", "xhigh", "max"],
  response_format: [{ type: "text" }],
  safety_identifier: [null, "user-hash"],
  seed: [null, 7],
  service_tier: [null, "auto", "default", "flex", "scale", "priority", "fast"],
  stop: [null, "x", ["x", "y"]],
  store: [null, false, true],
  temperature: [null, 0, 2],
  tool_choice: ["none"],
  tools: [[TOOL]],
  top_logprobs: [null, 0],
  top_p: [null, 0, 1],
  user: ["user-1"],
  verbosity: [null, "low", "medium", "high"],
  web_search_options: [{ search_context_size: "low" }],
};

const COMPLETION_VALUES: Omit<
  Values<OpenAI.CompletionCreateParamsNonStreaming>,
  "model" | "prompt" | "stream" | "stream_options"
> = {
  best_of: [null, 1, 2],
  echo: [null, false, true],
  frequency_penalty: [null, -2, 2],
  logit_bias: [null, { "50256": -100 }],
  logprobs: [null, 2],
  max_tokens: [null, 100],
  n: [null, 1, 2],
  presence_penalty: [null, -2, 2],
  seed: [null, 7],
  stop: [null, "x", ["x", "y"]],
  suffix: [null, " the end."],
  temperature: [null, 0, 2],
  top_p: [null, 0, 1],
  user: ["user-1"],
};

const EMBEDDING_VALUES: Omit<Values<OpenAI.EmbeddingCreateParams>, "model" | "input"> = {
  dimensions: [3],
  encoding_format: ["float", "base64"],
  user: ["user-1"],
};

/** Values out of range or of the wrong kind: `[parameter, value, param in the error]`. */
const WRONG_CHAT: readonly (readonly [string, unknown, string?])[] = [
  ["temperature", 2.1],
  ["temperature", -0.1],
  ["temperature", "hot"],
  ["top_p", 1.1],
  ["frequency_penalty", 2.5],
  ["presence_penalty", -2.5],
  ["n", 0],
  ["n", 129],
  ["n", 1.5],
  ["max_tokens", "many"],
  ["max_completion_tokens", 0],
  ["logprobs", "yes"],
  ["top_logprobs", 21],
  ["logit_bias", { a: 101 }, "logit_bias.a"],
  ["stream", "true"],
  ["stop", 5],
  ["service_tier", "golden"],
  ["reasoning_effort", "extreme"],
  ["verbosity", "chatty"],
  ["response_format", { type: "yaml" }, "response_format.type"],
  ["tools", [{ type: "oven" }], "tools[0].type"],
  ["user", 5],
  ["seed", "lucky"],
];

export const parametersRequirements: readonly Requirement[] = [
  {
    id: "chat.parameters.documented",
    title: "Every documented value of every parameter the SDK knows is honoured, or refused with a 400 that names it.",
    reference: PAGES.chat,
    operations: ["createChatCompletion"],
    run: (context) => eachValue(context, CHAT, chatBody, [MODELS.chat, MODELS.engine], CHAT_VALUES),
  },
  {
    id: "completions.parameters.documented",
    title: "Every documented value of every parameter the SDK knows is honoured, or refused with a 400 that names it.",
    reference: PAGES.completions,
    operations: ["createCompletion"],
    run: (context) =>
      eachValue(context, COMPLETIONS, completionBody, [MODELS.text, MODELS.chat, MODELS.engine], COMPLETION_VALUES),
  },
  {
    id: "embeddings.parameters.documented",
    title: "Every documented value of every parameter the SDK knows is honoured, or refused with a 400 that names it.",
    reference: PAGES.embeddings,
    operations: ["createEmbedding"],
    run: (context) => eachValue(context, EMBEDDINGS, embeddingBody, [MODELS.vectors, MODELS.engine], EMBEDDING_VALUES),
  },
  {
    id: "parameters.unknown",
    title: "A parameter that the reference does not have is a 400 `unknown_parameter` that names it.",
    reference: PAGES.errors,
    operations: ["createChatCompletion", "createCompletion", "createEmbedding", "createModeration"],
    async run(context) {
      const expected = { status: 400, code: "unknown_parameter", param: "temprature", message: /temprature/ };
      for (const model of [MODELS.chat, MODELS.engine]) {
        await refused(context, { path: CHAT, body: chatBody({ model, temprature: 1 }) }, expected);
      }
      await refused(context, { path: CHAT, body: chatBody({ stream: true, temprature: 1 }) }, expected);
      await refused(context, { path: COMPLETIONS, body: completionBody({ temprature: 1 }) }, expected);
      await refused(context, { path: EMBEDDINGS, body: embeddingBody({ temprature: 1 }) }, expected);
      await refused(context, { path: MODERATIONS, body: moderationBody({ temprature: 1 }) }, expected);
    },
  },
  {
    id: "parameters.range",
    title: "A value of the wrong type, out of its range or not among its choices is a 400 that names the parameter.",
    reference: PAGES.chat,
    operations: ["createChatCompletion"],
    async run(context) {
      for (const [name, value, param = name] of WRONG_CHAT) {
        await refused(context, { path: CHAT, body: chatBody({ [name]: value }) }, { status: 400, param });
      }
    },
  },
  {
    id: "parameters.reach-engine",
    title: "Parameters reach an engine with the values that the client sent.",
    reference: PAGES.chat,
    operations: ["createChatCompletion", "createCompletion", "createEmbedding"],
    async run({ client, engines }) {
      const sampling = { temperature: 0.3, top_p: 0.9, presence_penalty: 0.5, frequency_penalty: -0.5, seed: 11 };
      const shared = { ...sampling, logit_bias: { "42": -1 }, user: "user-1", max_tokens: 77, stop: ["a", "b"] };
      const messages = [{ role: "user" as const, content: "Hi" }];
      await client.chat.completions.create({ model: MODELS.engine, messages, ...shared, reasoning_effort: "low" });
      assertIncludes(engines.calls[0]?.request, { ...shared, reasoning_effort: "low" });
      await client.completions.create({ model: MODELS.engine, prompt: "Hi", ...shared });
      assertIncludes(engines.calls[1]?.request, { ...shared, prompt: "Hi" });
      await client.embeddings.create({ model: MODELS.engine, input: "Hi", user: "user-1", dimensions: 3 });
      assertIncludes(engines.calls[2]?.request, { input: "Hi", user: "user-1", dimensions: 3 });
    },
  },
];

/** One request for each value; only a 400 that names the parameter may come instead of a 200. */
async function eachValue(
  { http, engines }: RequirementContext,
  path: string,
  bodyWith: (more: Record<string, unknown>) => Readonly<Record<string, unknown>>,
  models: readonly string[],
  values: Readonly<Record<string, readonly unknown[]>>,
): Promise<void> {
  const needs: Record<string, Record<string, unknown>> = {
    function_call: { functions: [{ name: "f", parameters: {} }] },
    tool_choice: { tools: [TOOL] },
    parallel_tool_calls: { tools: [TOOL] },
  };
  const ask = async (model: string, name: string, value: unknown) => {
    const reply = await http.send({ path, body: bodyWith({ model, ...needs[name], [name]: value }) });
    const asked = `${name}: ${JSON.stringify(value)} on ${model}`;
    const reached = engines.calls.some(({ requestId }) => requestId === reply.headers["x-request-id"]);
    if (reply.status === 200) {
      assert.ok(reached, `${asked} was answered without the engine`);
      return;
    }
    const { error } = reply.json() as { error: { param?: unknown; code?: unknown } };
    assert.equal(reply.status, 400, `${asked}: ${reply.text}`);
    assert.equal(error.param, name, `${asked}: ${reply.text}`);
    // These are documented values: a refusal may only say that this model lacks the ability.
    assert.equal(error.code, "unsupported_parameter", `${asked}: ${reply.text}`);
    assert.ok(!reached, `${asked} was refused after the engine was reached`);
  };
  for (const model of models) {
    for (const [name, list] of Object.entries(values)) {
      await Promise.all(list.map((value) => ask(model, name, value)));
    }
  }
}

function assertIncludes(
  request: Readonly<Record<string, unknown>> | undefined,
  expected: Record<string, unknown>,
): void {
  assert.ok(request, "the engine was not reached");
  for (const [name, value] of Object.entries(expected)) assert.deepEqual(request[name], value, name);
}
