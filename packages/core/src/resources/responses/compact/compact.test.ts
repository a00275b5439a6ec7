import OpenAI, { APIError, BadRequestError } from "openai";
import { expect, test } from "vitest";
import type { Engine } from "../../../engine/engine.ts";
import { forwardEngine, testOutlet } from "../../../test-support.ts";
import type { ChatCompletionRequest } from "../../chat/completions/chat-completions.schema.ts";

const SUMMARY = "The user is called Ada and likes ferns.";

/** A model that says these things in turn, the last one again and again. */
function saying(...texts: string[]) {
  const asked: ChatCompletionRequest[] = [];
  const engine: Engine = {
    specificationVersion: "v1",
    chat(request) {
      const content = texts[Math.min(asked.length, texts.length - 1)] ?? "";
      asked.push(request);
      return {
        id: "chatcmpl-1",
        object: "chat.completion",
        created: 1,
        model: "m",
        choices: [
          { index: 0, message: { role: "assistant", content, refusal: null }, logprobs: null, finish_reason: "stop" },
        ],
        usage: { prompt_tokens: 40, completion_tokens: 8, total_tokens: 48 },
      };
    },
  };
  return { engine, asked };
}

function setUp(
  engine: Engine,
  more: Partial<Exclude<Parameters<typeof testOutlet>[0]["models"][string], Engine>> = {},
) {
  const keys = { "sk-one": { id: "one", project: "p" }, "sk-two": { id: "two", project: "q" } };
  const { outlet, settled, post } = testOutlet({ models: { m: { engine, ...more } }, keys });
  const clientOf = (apiKey: string) =>
    new OpenAI({ baseURL: "http://outlet/v1", apiKey, fetch: outlet.fetch, maxRetries: 0 });
  return { client: clientOf("sk-one"), other: clientOf("sk-two"), settled, post };
}

const LONG: OpenAI.Responses.ResponseInput = [
  { role: "developer", content: "Be kind." },
  { role: "user", content: "I am Ada." },
  { type: "function_call", call_id: "call_1", name: "look", arguments: "{}" },
  { type: "function_call_output", call_id: "call_1", output: "A fern." },
  { role: "assistant", content: "Hello, Ada." },
  { role: "user", content: "I like ferns." },
  { role: "assistant", content: "So do I." },
];

test("the user's messages stay, and one sealed item stands for the rest", async () => {
  const { engine, asked } = saying(SUMMARY, "You are Ada.");
  const { client, settled } = setUp(engine);
  const made = await client.responses.compact({ model: "m", input: LONG, instructions: "Talk of plants." });
  expect(made).toMatchObject({
    object: "response.compaction",
    usage: { input_tokens: 40, output_tokens: 8, total_tokens: 48 },
  });
  expect(made.output).toMatchObject([
    { type: "message", role: "user", content: [{ type: "input_text", text: "I am Ada." }] },
    { type: "message", role: "user", content: [{ type: "input_text", text: "I like ferns." }] },
    { type: "compaction", encrypted_content: expect.stringMatching(/^outlet:1:/) },
  ]);
  expect(JSON.stringify(made)).not.toContain(SUMMARY);
  const [first] = asked;
  expect(first?.messages[0]).toEqual({ role: "system", content: "Talk of plants." });
  expect(first?.messages.slice(1, -1)).toHaveLength(7);
  expect(first?.max_completion_tokens).toBe(4096);
  expect(settled[0]).toMatchObject({
    operationId: "Compactconversation",
    usage: { input_tokens: 40 },
    emulated: ["compaction"],
  });

  await client.responses.create({
    model: "m",
    input: [...(made.output as OpenAI.Responses.ResponseInput), { role: "user", content: "Who am I?" }],
  });
  const texts = asked[1]?.messages.map(({ role, content }) => [role, content]);
  expect(texts).toEqual([
    ["user", "I am Ada."],
    ["user", "I like ferns."],
    ["user", expect.stringMatching(new RegExp(`not written it:\n\n${SUMMARY}$`))],
    ["user", "Who am I?"],
  ]);
});

test("what a stored response followed on from is compacted with it, and compacted again", async () => {
  const { engine, asked } = saying("Hello.", SUMMARY, "All of it.");
  const { client } = setUp(engine);
  const { id } = await client.responses.create({ model: "m", input: "I am Ada." });
  const made = await client.responses.compact({ model: "m", previous_response_id: id });
  expect(made.output.map(({ type }) => type)).toEqual(["message", "compaction"]);
  const again = await client.responses.compact({ model: "m", input: made.output as OpenAI.Responses.ResponseInput });
  expect(again.output.map(({ type }) => type)).toEqual(["message", "compaction"]);
  expect(JSON.stringify(asked[2]?.messages)).toContain(SUMMARY);
});

test("opens for nobody else, and not when it was changed", async () => {
  const { engine, asked } = saying(SUMMARY);
  const { client, other } = setUp(engine);
  const { output } = await client.responses.compact({ model: "m", input: LONG });
  const [last] = output.slice(-1);
  if (last?.type !== "compaction") throw new Error("no compaction");
  const goOn = (by: OpenAI, encrypted_content: string) =>
    by.responses.create({
      model: "m",
      input: [
        { type: "compaction", encrypted_content },
        { role: "user", content: "?" },
      ],
    });
  const refused = { status: 400, code: "invalid_encrypted_content", param: null };
  await expect(goOn(other, last.encrypted_content)).rejects.toMatchObject(refused);
  await expect(goOn(client, `${last.encrypted_content.slice(0, -2)}AA`)).rejects.toMatchObject(refused);
  await expect(goOn(client, "gAAAAABnQ2Fubm90IGJlIHJlYWQ=")).rejects.toMatchObject(refused);
  expect(asked).toHaveLength(1);
});

test("a summary takes a quarter of the model's room at most, and an empty one is a failure", async () => {
  const tokenizer = { count: (text: string) => Math.ceil(text.length / 10), truncate: (text: string) => text };
  const { engine, asked } = saying("  ");
  const { client } = setUp(engine, { context_window: 2000, tokenizer });
  await expect(client.responses.compact({ model: "m", input: LONG })).rejects.toMatchObject({ status: 502 });
  expect(asked[0]?.max_completion_tokens).toBe(500);
  const input = "x".repeat(20_000);
  await expect(client.responses.compact({ model: "m", input })).rejects.toMatchObject({
    status: 400,
    code: "context_length_exceeded",
    param: "input",
  });
});

test.each([
  [{ input: "Hi" }, "model", "missing_required_parameter"],
  [{ model: null, input: "Hi" }, "model", "missing_required_parameter"],
  [{ model: "m" }, "input", "missing_required_parameter"],
  [{ model: "m", input: "Hi", stream: true }, "stream", "unknown_parameter"],
  [
    { model: "m", input: "Hi", image: { context_compression: "enabled" } },
    "image.context_compression",
    "unsupported_parameter",
  ],
])("refuses %j by name", async (body, param, code) => {
  const { client } = setUp(saying(SUMMARY).engine);
  const error = await client.responses.compact(body as never).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(BadRequestError);
  expect(error).toMatchObject({ param, code });
});

test("a far side that has Responses compacts itself", async () => {
  const usage = { input_tokens: 9, output_tokens: 2, total_tokens: 11 };
  const far = {
    id: "resp_far",
    object: "response.compaction",
    created_at: 7,
    output: [
      {
        id: "msg_far",
        type: "message",
        role: "user",
        status: "completed",
        content: [{ type: "input_text", text: "Hi" }],
      },
      { id: "cmp_far", type: "compaction", encrypted_content: "far-secret" },
    ],
    usage,
  };
  const seen: string[] = [];
  const reply = () => ({ status: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify(far)) });
  const { client, settled } = setUp({ ...forwardEngine(reply, seen), responses: true });
  const made = await client.responses.compact({ model: "m", input: "Hi" });
  expect(JSON.stringify(made)).not.toContain("_far");
  expect(made).toMatchObject({ object: "response.compaction", created_at: 7, usage });
  expect(settled[0]?.usage).toMatchObject({ input_tokens: 9, output_tokens: 2, estimated: false });
  await client.responses.compact({ model: "m", input: made.output as OpenAI.Responses.ResponseInput });
  expect(JSON.parse(seen[1] ?? "").input[1]).toMatchObject({ type: "compaction", encrypted_content: "far-secret" });

  const broken = setUp({
    ...forwardEngine({ status: 200, headers: {}, body: new TextEncoder().encode("{}") }),
    responses: true,
  });
  await expect(broken.client.responses.compact({ model: "m", input: "Hi" })).rejects.toThrow(APIError);
});
