import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { mockEngine } from "../engine.ts";
import { ask, clientFor, collect, start, user } from "../test-support.ts";
import type { Matcher, Rule } from "./rule.types.ts";

const tools = [
  {
    type: "function" as const,
    function: {
      name: "add",
      parameters: {
        type: "object",
        properties: { a: { type: "integer" }, b: { type: "integer" } },
        required: ["a", "b"],
      },
    },
  },
];

const afterTool = (question: string, result: string) => [
  user(question),
  {
    role: "assistant" as const,
    content: null,
    tool_calls: [{ id: "call_1", type: "function" as const, function: { name: "add", arguments: "{}" } }],
  },
  { role: "tool" as const, tool_call_id: "call_1", content: result },
];

describe("matching", () => {
  const request = {
    model: "gpt-4o-mini",
    messages: [{ role: "system" as const, content: "You are terse." }, ...afterTool("What is 1 plus 2?", '{"sum":3}')],
    tools,
    temperature: 0.5,
    response_format: { type: "text" as const },
  };

  const matching: [string, Matcher][] = [
    ["nothing asked", {}],
    ["a text", "1 PLUS"],
    ["a pattern", /what is \d/i],
    ["operation", { operation: "createChatCompletion" }],
    ["a whole model id", { model: "gpt-4o-mini" }],
    ["a model pattern", { model: /mini$/ }],
    ["a pattern that remembers", { model: /mini/g }],
    ["the system prompt", { system: "terse" }],
    ["any message", { message: /"sum":3/ }],
    ["an offered tool", { tool: "add" }],
    ["tool results", { toolResult: true }],
    ["a tool result's text", { toolResult: /3/ }],
    ["a tool result's tool and call", { toolResult: { name: "add", id: "call_1", text: "sum" } }],
    ["the turn", { turn: 0, step: 1 }],
    ["a header", { header: { "User-Agent": /openai/i, authorization: "[redacted]" } }],
    ["parts of the body", { body: { temperature: 0.5, messages: { 1: { content: /plus/ } }, response_format: {} } }],
    ["a predicate", (body, { user: text }) => body.temperature === 0.5 && text.endsWith("?")],
    ["several", { user: "plus", where: () => true }],
  ];
  it.each(matching)("matches by %s", async (_, when) => {
    const { client, mock } = await start({ rules: [{ when, reply: "matched" }], strict: true });
    const { choices } = await client.chat.completions.create(request);
    expect(choices[0]?.message.content).toBe("matched");
    await client.chat.completions.create(request);
    expect(mock.calls.map(({ rule }) => rule)).toEqual(["rule 1", "rule 1"]);
  });

  const other: [Matcher, RegExp][] = [
    ["minus", /user: wanted "minus", but got "What is 1 plus 2\?"/],
    [{ model: "gpt-4o" }, /model: wanted "gpt-4o", but got "gpt-4o-mini"/],
    [{ toolResult: false }, /toolResult: wanted false, but got true/],
    [{ tool: "subtract" }, /tool: wanted "subtract", but got \["add"\]/],
    [{ body: { temperature: 1 } }, /body.temperature: wanted 1, but got 0.5/],
    [{ step: 0 }, /step: wanted 0, but got 1/],
    [{ header: { "x-test": "7" } }, /header x-test: wanted "7", but got nothing/],
    [() => false, /its predicate said no/],
  ];
  it.each(other)("tells in strict mode why %j did not match", async (when, message) => {
    const { client } = await start({ rules: [{ name: "the rule", when, reply: "matched" }], strict: true });
    const failure = await client.chat.completions.create(request).catch((error: Error) => error);
    expect(failure).toMatchObject({ status: 404, code: "no_matching_rule", message: expect.stringMatching(message) });
    expect(failure).toMatchObject({ message: expect.stringContaining("the rule – ") });
  });

  it("falls to the default answer where nothing matches and it is not strict", async () => {
    const { client, mock } = await start({ rules: [{ when: "minus", reply: "matched" }] });
    expect(await ask(client, "Hello")).toMatch(/hello/i);
    expect(mock.unusedRules()).toEqual(["rule 1"]);
  });
});

describe("order", () => {
  it("tries later scripts first, and rules of one call from the top", async () => {
    const { client, mock } = await start({ rules: [{ reply: "base" }] });
    expect(await ask(client, "x")).toBe("base");
    mock.script({ when: "x", reply: "first" }, { reply: "second" });
    expect([await ask(client, "x"), await ask(client, "y")]).toEqual(["first", "second"]);
    mock.script({ reply: "third", times: 1 });
    expect([await ask(client, "x"), await ask(client, "x")]).toEqual(["third", "first"]);
    mock.reset();
    expect(await ask(client, "x")).toBe("base");
    expect(mock.calls).toHaveLength(1);
  });

  it("goes through a list, one reply a request, and stays at the last", async () => {
    const { client, mock } = await start();
    mock.script({ reply: ["one", { text: "two" }, (_, { count }) => `number ${count}`] });
    expect([await ask(client, "x"), await ask(client, "x"), await ask(client, "x"), await ask(client, "x")]).toEqual([
      "one",
      "two",
      "number 2",
      "number 3",
    ]);
    const both = await client.chat.completions.create({ model: "m", messages: [user("x")], n: 2 });
    expect(both.choices.map(({ message }) => message.content)).toEqual(["number 4", "number 4"]);
  });

  it("goes by the step of the conversation where asked, so that parallel conversations do not mix", async () => {
    const { client } = await start({ rules: [{ reply: [{ toolCalls: "add" }, "The sum is 3."], advance: "step" }] });
    const first = () => client.chat.completions.create({ model: "m", tools, messages: [user("1 plus 2")] });
    const second = () => client.chat.completions.create({ model: "m", tools, messages: afterTool("1 plus 2", "3") });
    const finishes = (await Promise.all([first(), first(), second(), first(), second()])).map(
      ({ choices }) => choices[0]?.finish_reason,
    );
    expect(finishes).toEqual(["tool_calls", "tool_calls", "stop", "tool_calls", "stop"]);
  });
});

describe("replies", () => {
  const replying = async (reply: Rule["reply"], more: object = {}) => {
    const { client } = await start({ rules: [{ reply }] });
    const completion = await client.chat.completions.create({ model: "m", messages: [user("add 4 and 5")], ...more });
    return completion as OpenAI.ChatCompletion;
  };

  it("calls tools: with arguments, or with made-up ones that fit", async () => {
    const { choices } = await replying(
      {
        text: "Let me see.",
        toolCalls: ["add", { name: "add", arguments: { a: 1, b: 2 }, id: "call_x" }, { name: "shell", input: "ls" }],
      },
      { tools },
    );
    expect(choices[0]).toMatchObject({
      finish_reason: "tool_calls",
      message: {
        content: "Let me see.",
        tool_calls: [
          { id: expect.stringMatching(/^call_/), type: "function", function: { name: "add" } },
          { id: "call_x", type: "function", function: { name: "add", arguments: '{"a":1,"b":2}' } },
          { type: "custom", custom: { name: "shell", input: "ls" } },
        ],
      },
    });
    const [made] = choices[0]?.message.tool_calls ?? [];
    expect(JSON.parse(made?.type === "function" ? made.function.arguments : "")).toEqual({ a: 4, b: 4 });
  });

  it("refuses, answers values, and answers whole messages", async () => {
    expect((await replying({ refusal: "I cannot do that." })).choices[0]?.message).toMatchObject({
      content: null,
      refusal: "I cannot do that.",
    });
    expect((await replying({ json: { a: [1] } })).choices[0]?.message.content).toBe('{"a":[1]}');
    const annotations = [
      { type: "url_citation", url_citation: { start_index: 0, end_index: 1, title: "t", url: "u" } },
    ];
    const whole = await replying({ message: { content: "See t.", annotations: annotations as never } });
    expect(whole.choices[0]?.message).toMatchObject({ content: "See t.", annotations });
  });

  it("overrides usage, finish reason, model and fingerprint", async () => {
    const completion = await replying({
      text: "x",
      usage: { prompt_tokens: 7, completion_tokens_details: { reasoning_tokens: 3 } },
      finishReason: "content_filter",
      model: "gpt-4o-2024-11-20",
      systemFingerprint: "fp_1",
    });
    expect(completion).toMatchObject({
      model: "gpt-4o-2024-11-20",
      system_fingerprint: "fp_1",
      usage: {
        prompt_tokens: 7,
        completion_tokens: 1,
        total_tokens: 8,
        completion_tokens_details: { reasoning_tokens: 3 },
      },
      choices: [{ finish_reason: "content_filter" }],
    });
  });

  it("fails with the usual words of a status, or with others, and headers", async () => {
    const { client } = await start({
      rules: [
        {
          reply: [
            { error: { status: 429, headers: { "Retry-After": "7" } } },
            { error: 503 },
            { error: { status: 400, type: "t", code: "c", param: "p", message: "m" } },
          ],
        },
      ],
    });
    const failures: unknown[] = [];
    for (let i = 0; i < 3; i++) failures.push(await ask(client, "x").catch((error) => error));
    expect(failures[0]).toBeInstanceOf(OpenAI.RateLimitError);
    expect((failures[0] as InstanceType<typeof OpenAI.APIError>).headers?.get("retry-after")).toBe("7");
    expect(failures[0]).toMatchObject({ code: "rate_limit_exceeded", type: "requests" });
    expect(failures[1]).toMatchObject({ status: 503, type: "service_unavailable_error" });
    expect(failures[2]).toMatchObject({ status: 400, type: "t", code: "c", param: "p", message: "400 m" });
  });

  it("lets a client retry its way to an answer", async () => {
    const { mock } = await start({
      rules: [{ reply: [{ error: { status: 429, headers: { "retry-after-ms": "1" } } }, "at last"] }],
    });
    const client = clientFor(mock).withOptions({ maxRetries: 1 });
    expect(await ask(client, "x")).toBe("at last");
    expect(mock.calls.map(({ status }) => status)).toEqual([429, 200]);
  });

  it("computes replies, also slowly, and tells when a rule throws", async () => {
    const { client, mock } = await start();
    mock.script({
      reply: async ({ messages }, { step, turn }) => ({ json: { messages: messages?.length, step, turn } }),
    });
    expect(await ask(client, "x")).toBe('{"messages":1,"step":0,"turn":0}');
    mock.script({
      name: "broken",
      reply: () => {
        throw new Error("no luck");
      },
    });
    await expect(ask(client, "x")).rejects.toMatchObject({
      status: 500,
      message: expect.stringMatching(/rule "broken" threw: no luck/),
    });
    mock.script({ reply: () => ({ txt: "x" }) as never });
    await expect(ask(client, "x")).rejects.toThrow(/reply\.txt: unknown key/);
  });

  it("scripts completions and embeddings too", async () => {
    const { client, mock } = await start();
    mock.script(
      { when: { operation: "createCompletion", user: "ping" }, reply: " pong" },
      { when: { operation: "createEmbedding", user: "north" }, reply: { embedding: [0, 1] } },
      { when: { operation: "createEmbedding" }, reply: { error: 429 } },
    );
    expect((await client.completions.create({ model: "m", prompt: ["ping", "ping"] })).choices).toMatchObject([
      { text: " pong" },
      { text: " pong" },
    ]);
    const north = await client.embeddings.create({ model: "m", input: "North" });
    expect(north.data[0]?.embedding).toEqual([0, 1]);
    await expect(client.embeddings.create({ model: "m", input: "South" })).rejects.toMatchObject({ status: 429 });
  });

  it("never answers one operation with what is meant for another", async () => {
    const { client, mock } = await start();
    mock.script({ reply: "a text" }, { reply: { embedding: [1] } });
    expect(await ask(client, "x")).toBe("a text");
    expect((await client.embeddings.create({ model: "m", input: "x" })).data[0]?.embedding).toEqual([1]);
    mock.script({ reply: () => ({ toolCalls: "add" }) });
    await expect(client.completions.create({ model: "m", prompt: "x" })).rejects.toThrow(
      /toolCalls, which does not answer/,
    );
  });

  it("works in an outlet of somebody else's", async () => {
    const { createOutlet } = await import("@outlet/core");
    const engine = mockEngine({ rules: [{ when: "ping", reply: "pong" }] });
    const outlet = createOutlet({ access: "open", models: { local: engine } });
    const client = new OpenAI({ apiKey: "x", baseURL: "http://outlet/v1", fetch: outlet.fetch });
    expect(await ask(client, "ping", { model: "local" })).toBe("pong");
    const stream = await client.chat.completions.create({ model: "local", messages: [user("ping")], stream: true });
    expect(await collect(stream)).not.toHaveLength(0);
  });
});

describe("checks", () => {
  it.each<[unknown, string]>([
    [{ when: { modle: "x" }, reply: "y" }, "rules[0].when.modle: unknown key; known keys are operation, model"],
    [{ when: { model: 5 }, reply: "y" }, "rules[0].when.model: expected a string or a pattern"],
    [{ when: { turn: -1 }, reply: "y" }, "rules[0].when.turn: expected an integer of at least 0, but got -1"],
    [{ reply: [] }, "rules[0].reply: expected a reply, or a list of at least one, but got a list"],
    [{ reply: ["a", { delay: 1 }] }, "rules[0].reply[1].delay: unknown key"],
    [{ reply: { error: 200 } }, "rules[0].reply.error: expected an integer from 400 to 599, but got 200"],
    [
      { reply: { toolCalls: [{ arguments: {} }] } },
      "rules[0].reply.toolCalls[0].name: expected a value, but got nothing",
    ],
    [{ when: "x" }, "rules[0].reply: expected a value, but got nothing"],
    ["x", 'rules[0]: expected an object, but got "x"'],
  ])("refuses %j", async (rule, message) => {
    const { mock } = await start();
    expect(() => mock.script(rule as Rule)).toThrow(message);
  });
});
