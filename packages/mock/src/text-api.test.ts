import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { collect, start, user } from "./test-support.ts";

const model = "gpt-4o-mini";
const weather: OpenAI.Responses.FunctionTool = {
  type: "function",
  name: "get_weather",
  parameters: {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  },
  strict: true,
};

describe("responses", () => {
  it("are answered without a script, and counted", async () => {
    const { client, mock } = await start();
    const response = await client.responses.create({ model, input: "What is 12 plus 30?" });
    expect(response).toMatchObject({ object: "response", status: "completed", model });
    expect(response.output_text).toContain("42");
    expect(response.usage?.input_tokens).toBeGreaterThan(0);
    expect(mock.calls[0]).toMatchObject({
      operation: "createResponse",
      path: expect.stringMatching(/\/responses$/),
      outcome: "completed",
      usage: { input_tokens: response.usage?.input_tokens, output_tokens: response.usage?.output_tokens },
    });
    expect(mock.calls[0]?.body).toEqual({ model, input: "What is 12 plus 30?" });
  });

  it("stream what they would answer whole", async () => {
    const { client } = await start();
    const request = { model, input: "Tell me of the sea" };
    const stream = client.responses.stream(request);
    const events = await collect(stream);
    const { output_text, usage } = await client.responses.create(request);
    expect(events.filter(({ type }) => type === "response.output_text.delta").length).toBeGreaterThan(5);
    expect(await stream.finalResponse()).toMatchObject({ output_text, usage });
  });

  it("call tools, and go on from where they were", async () => {
    const { client } = await start();
    const tools = [weather];
    const first = await client.responses.create({ model, input: "What is the weather in Oslo?", tools });
    const [call] = first.output.filter((item) => item.type === "function_call");
    expect([call?.name, Object.keys(JSON.parse(call?.arguments ?? ""))]).toEqual(["get_weather", ["city"]]);
    const second = await client.responses.create({
      model,
      tools,
      previous_response_id: first.id,
      input: [{ type: "function_call_output", call_id: call?.call_id ?? "", output: "It is snowing." }],
    });
    expect(second.output_text).toContain("snowing");
  });

  it("are kept: retrieved, listed by their items, deleted", async () => {
    const { client } = await start();
    const { id, output_text } = await client.responses.create({ model, input: "Hello!" });
    expect(await client.responses.retrieve(id)).toMatchObject({ id, output_text });
    expect(await collect(client.responses.inputItems.list(id))).toMatchObject([{ role: "user" }]);
    await client.responses.delete(id);
    await expect(client.responses.retrieve(id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  });
});

describe("rules", () => {
  it("see the messages, whichever API asked", async () => {
    const { client } = await start({
      rules: [
        {
          when: { tool: "get_weather", step: 0 },
          reply: { toolCalls: { name: "get_weather", arguments: { city: "Rome" } } },
        },
        { when: { toolResult: { name: "get_weather", text: /sun/ } }, reply: "It is sunny." },
        { when: { system: "Be terse", turn: 1 }, reply: "Yes." },
        { when: { operation: "createChatCompletion", user: "ping" }, reply: "pong" },
      ],
    });
    const { id: conversation } = await client.conversations.create();
    const ask = (input: OpenAI.Responses.ResponseCreateParamsNonStreaming["input"] & {}, more: object = {}) =>
      client.responses.create({ model, conversation, input, ...more });
    const { output } = await ask("How is it?", { tools: [weather] });
    expect(output).toMatchObject([{ type: "function_call", arguments: '{"city":"Rome"}' }]);
    const call_id = (output[0] as OpenAI.Responses.ResponseFunctionToolCall).call_id;
    const result = await ask([{ type: "function_call_output", call_id, output: "sun all day" }], { tools: [weather] });
    expect(result.output_text).toBe("It is sunny.");
    expect((await ask("Really?", { instructions: "Be terse." })).output_text).toBe("Yes.");
    expect((await client.responses.create({ model, input: "ping" })).output_text).toBe("pong");
    const completion = await client.chat.completions.create({ model, messages: [user("ping")] });
    expect(completion.choices[0]?.message.content).toBe("pong");
  });

  it("tell one API from another by the body", async () => {
    const { client } = await start({ rules: [{ when: { body: { input: /^ping$/ } }, reply: "A response." }] });
    expect((await client.responses.create({ model, input: "ping" })).output_text).toBe("A response.");
    const completion = await client.chat.completions.create({ model, messages: [user("ping")] });
    expect(completion.choices[0]?.message.content).not.toBe("A response.");
  });

  it("script refusals, cut answers and errors of responses", async () => {
    const { client } = await start({
      rules: [
        {
          reply: [
            { refusal: "I would rather not." },
            { text: "one two three four", finishReason: "length" },
            { error: { status: 429, headers: { "retry-after": "1" } } },
            { text: "one two three four", failAfter: 2, error: { status: 500, message: "overheated" } },
            { text: "one two three four", cutAfter: 2 },
          ],
        },
      ],
    });
    const request = { model, input: "Go on." };
    expect((await client.responses.create(request)).output).toMatchObject([
      { content: [{ type: "refusal", refusal: "I would rather not." }] },
    ]);
    expect(await client.responses.create(request)).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
    });
    await expect(client.responses.create(request)).rejects.toBeInstanceOf(OpenAI.RateLimitError);
    await expect(client.responses.stream(request).finalResponse()).rejects.toThrow("overheated");
    const cut = await client.responses
      .stream(request)
      .finalResponse()
      .catch((error: Error) => error);
    expect(cut).toBeInstanceOf(Error);
  });
});

describe("conversations", () => {
  it("remember, and can be read, added to and deleted", async () => {
    const { client } = await start();
    const { id } = await client.conversations.create({ metadata: { topic: "names" } });
    await client.responses.create({ model, conversation: id, input: "My name is Ada." });
    const { output_text } = await client.responses.create({ model, conversation: id, input: "What is my name?" });
    expect(output_text).toContain("Ada");
    await client.conversations.items.create(id, { items: [{ role: "user", content: "Bye." }] });
    const items = await collect(client.conversations.items.list(id, { order: "asc" }));
    expect(items.map((item) => item.type === "message" && item.role)).toEqual([
      "user",
      "assistant",
      "user",
      "assistant",
      "user",
    ]);
    await client.conversations.delete(id);
    await expect(client.conversations.retrieve(id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  });
});

describe("stored completions", () => {
  it("are listed, retrieved with their messages, updated and deleted", async () => {
    const { client } = await start();
    const metadata = { suite: "mock" };
    const { id } = await client.chat.completions.create({ model, messages: [user("Hi")], store: true, metadata });
    await client.chat.completions.create({ model, messages: [user("Hi")], store: true });
    const listed = await collect(client.chat.completions.list({ metadata }));
    expect(listed.map((one) => one.id)).toEqual([id]);
    expect(await client.chat.completions.retrieve(id)).toMatchObject({ id, metadata });
    expect(await collect(client.chat.completions.messages.list(id))).toMatchObject([{ role: "user", content: "Hi" }]);
    await client.chat.completions.update(id, { metadata: { suite: "other" } });
    expect(await collect(client.chat.completions.list({ metadata }))).toEqual([]);
    await client.chat.completions.delete(id);
    await expect(client.chat.completions.retrieve(id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  });
});

describe("what is stored", () => {
  it("is forgotten by reset", async () => {
    const { client, mock } = await start();
    const { id } = await client.chat.completions.create({ model, messages: [user("Hi")], store: true });
    const response = await client.responses.create({ model, input: "Hi" });
    mock.reset();
    expect(await collect(client.chat.completions.list())).toEqual([]);
    await expect(client.chat.completions.retrieve(id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    await expect(client.responses.retrieve(response.id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    await client.chat.completions.create({ model, messages: [user("Hi")], store: true });
    expect(await collect(client.chat.completions.list())).toHaveLength(1);
  });
});
