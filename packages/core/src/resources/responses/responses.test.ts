import fc from "fast-check";
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import type { Engine } from "../../engine/engine.ts";
import { testOutlet } from "../../test-support.ts";
import type { ChatCompletionRequest } from "../chat/completions/chat-completions.schema.ts";
import type { ChatCompletionChunk, ChatDelta, ChatFinishReason } from "../chat/completions/chat-completions.types.ts";

const HEAD = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "m-2026-01-01" } as const;
const USAGE = {
  prompt_tokens: 11,
  completion_tokens: 7,
  total_tokens: 18,
  prompt_tokens_details: { cached_tokens: 5 },
  completion_tokens_details: { reasoning_tokens: 3 },
};

type Delta = ChatDelta & { reasoning_content?: string };

/** A chat engine that says these deltas, and keeps what it was asked. */
function saying(deltas: readonly (Delta | Error)[], finish: ChatFinishReason = "stop") {
  const asked: ChatCompletionRequest[] = [];
  const engine: Engine = {
    specificationVersion: "v1",
    async *chat(request): AsyncGenerator<ChatCompletionChunk> {
      asked.push(request);
      for (const delta of deltas) {
        if (delta instanceof Error) throw delta;
        yield { ...HEAD, choices: [{ index: 0, delta, finish_reason: null }] };
      }
      yield { ...HEAD, choices: [{ index: 0, delta: {}, finish_reason: finish }], usage: USAGE };
    },
  };
  return { engine, asked };
}

function setUp(engine: Engine) {
  const { outlet, post, settled } = testOutlet({ models: { m: engine } });
  const client = new OpenAI({ baseURL: "http://outlet/v1", apiKey: "sk-any", fetch: outlet.fetch, maxRetries: 0 });
  return { client, post, settled };
}

const callOf = (index: number, name: string, args: string): Delta => ({
  tool_calls: [{ index, id: `call_${index}`, type: "function", function: { name, arguments: args } }],
});
const more = (index: number, args: string): Delta => ({ tool_calls: [{ index, function: { arguments: args } }] });
const weather = { type: "function", name: "weather", parameters: { type: "object" }, strict: null } as const;

describe("over a chat model", () => {
  test("answers with a message, what was asked and what it cost", async () => {
    const { engine, asked } = saying([{ content: "Hel" }, { content: "lo" }]);
    const { client, settled } = setUp(engine);
    const response = await client.responses.create({
      model: "m",
      instructions: "Be brief.",
      input: "Hi",
      temperature: 0.5,
      max_output_tokens: 100,
      metadata: { topic: "greeting" },
    });
    expect(response).toMatchObject({
      object: "response",
      status: "completed",
      model: "m-2026-01-01",
      output_text: "Hello",
      instructions: "Be brief.",
      temperature: 0.5,
      max_output_tokens: 100,
      metadata: { topic: "greeting" },
      store: true,
      usage: {
        input_tokens: 11,
        input_tokens_details: { cached_tokens: 5, cache_write_tokens: 0 },
        output_tokens: 7,
        output_tokens_details: { reasoning_tokens: 3 },
        total_tokens: 18,
      },
    });
    expect(response.id).toMatch(/^resp_/);
    expect(asked[0]).toEqual({
      model: "m",
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Hi" },
      ],
      stream: false,
      temperature: 0.5,
      max_completion_tokens: 100,
    });
    expect(settled[0]).toMatchObject({
      outcome: "completed",
      model: "m",
      usage: { input_tokens: 11, cached_tokens: 5 },
    });
  });

  test("goes on from a stored response, without its instructions", async () => {
    const { engine, asked } = saying([{ reasoning_content: "Hm." }, { content: "Hello" }]);
    const { client } = setUp(engine);
    const first = await client.responses.create({ model: "m", input: "Hi", instructions: "Be brief." });
    const second = await client.responses.create({ model: "m", input: "Again", previous_response_id: first.id });
    await client.responses.create({ model: "m", input: "Once more", previous_response_id: second.id });
    expect(asked[2]?.messages).toEqual([
      { role: "user", content: "Hi" },
      { role: "assistant", content: "Hello" },
      { role: "user", content: "Again" },
      { role: "assistant", content: "Hello" },
      { role: "user", content: "Once more" },
    ]);
    expect(await client.responses.retrieve(first.id)).toEqual(first);
  });

  test("gives a model its calls, their outputs and its thoughts of the turn back", async () => {
    const { engine, asked } = saying(
      [
        { reasoning_content: "I need the weather." },
        { content: "Let me look." },
        callOf(0, "weather", '{"at":"Oslo"}'),
      ],
      "tool_calls",
    );
    const { client } = setUp(engine);
    const first = await client.responses.create({ model: "m", input: "Weather?", tools: [weather] });
    expect(first.output.map(({ type }) => type)).toEqual(["reasoning", "message", "function_call"]);
    await client.responses.create({
      model: "m",
      previous_response_id: first.id,
      tools: [weather],
      input: [{ type: "function_call_output", call_id: "call_0", output: "Sunny" }],
    });
    const { messages } = asked[1] as ChatCompletionRequest;
    expect(messages.slice(1)).toEqual([
      {
        role: "assistant",
        content: "Let me look.",
        reasoning_content: "I need the weather.",
        tool_calls: [{ id: "call_0", type: "function", function: { name: "weather", arguments: '{"at":"Oslo"}' } }],
      },
      { role: "tool", tool_call_id: "call_0", content: "Sunny" },
    ]);
  });

  test("a model that fails half-way ends the stream in an error and a failed response", async () => {
    const { engine } = saying([{ content: "Hel" }, new Error("lost")]);
    const { post, client, settled } = setUp(engine);
    const text = await (await post("/responses", { model: "m", input: "Hi", stream: true })).text();
    const events = eventsOf(text);
    expect(events.at(-2)).toMatchObject({ type: "error", code: null, param: null });
    expect(events.at(-1)).toMatchObject({
      type: "response.failed",
      response: { status: "failed", error: { code: "server_error" } },
    });
    expect(settled[0]?.outcome).toBe("failed");
    const { id } = (events[0] as unknown as { response: { id: string } }).response;
    expect((await client.responses.retrieve(id)).status).toBe("failed");
  });
});

interface WireEvent {
  type: string;
  sequence_number: number;
  response?: object;
}

function eventsOf(text: string): WireEvent[] {
  return text
    .split("\n\n")
    .filter(Boolean)
    .map((event) => {
      const [name, data] = event.split("\n") as [string, string];
      const parsed = JSON.parse(data.slice("data: ".length)) as WireEvent;
      expect(name).toBe(`event: ${parsed.type}`);
      return parsed;
    });
}

/** What an answer may consist of, cut into deltas at any place. */
const pieces = fc.array(fc.string({ unit: "binary", minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 });
const spoken = fc.oneof(
  pieces.map((parts) => parts.map((content): Delta => ({ content }))),
  pieces.map((parts) => parts.map((refusal): Delta => ({ refusal }))),
  pieces.map((parts) => parts.map((reasoning_content): Delta => ({ reasoning_content }))),
);
const calls = fc.array(fc.tuple(fc.constantFrom("weather", "time"), fc.jsonValue({ maxDepth: 1 }), fc.nat(8)), {
  maxLength: 3,
});
const answer = fc.tuple(fc.array(spoken, { maxLength: 3 }), calls, fc.boolean()).map(([words, called, mixed]) => {
  const opened = called.map(([name], index) => callOf(index, name, ""));
  const whole = called.map(([, value]) => JSON.stringify({ value }));
  const cut = called.map(([, , at], index) => [
    more(index, whole[index]?.slice(0, at) ?? ""),
    more(index, whole[index]?.slice(at) ?? ""),
  ]);
  const [firsts, seconds] = [cut.map(([first]) => first as Delta), cut.map(([, second]) => second as Delta)];
  const inOrder = opened.flatMap((open, index) => [open, firsts[index] as Delta, seconds[index] as Delta]);
  return [...words.flat(), ...(mixed ? [...opened, ...firsts, ...seconds] : inOrder)];
});
const finish = fc.constantFrom<ChatFinishReason>("stop", "length", "content_filter");

/** Ids and times differ from one answer to the next; the rest may not. */
function comparable(response: object): unknown {
  return JSON.parse(
    JSON.stringify(response, (key, value) =>
      key === "id" || key === "created_at" || key === "completed_at" || key === "parsed" ? undefined : value,
    ),
  );
}

describe("a stream", () => {
  test("ends in the response that its twin answers with, and official clients build the same of its events", async () => {
    await fc.assert(
      fc.asyncProperty(answer, finish, async (deltas, reason) => {
        const { client, post } = setUp(saying(deltas, reason).engine);
        const body = { model: "m", input: "Hi", tools: [weather] };
        const whole = (await (await post("/responses", body)).json()) as object;
        const events = eventsOf(await (await post("/responses", { ...body, stream: true })).text());
        expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
        expect(comparable(events.at(-1)?.response ?? {})).toEqual(comparable(whole));
        const built = await client.responses.stream(body).finalResponse();
        const { output, status, usage } = built;
        expect(comparable({ output, status, usage })).toMatchObject(
          comparable(pick(whole as Record<string, unknown>, ["status", "usage"])) as object,
        );
        expect(comparable({ output })).toMatchObject(
          comparable(pick(whole as Record<string, unknown>, ["output"])) as object,
        );
        expect(events.at(-1)?.response).toMatchObject({ output: rebuilt(events) });
      }),
      { numRuns: 60 },
    );
  });
});

function pick(value: Record<string, unknown>, keys: string[]): object {
  return Object.fromEntries(keys.map((key) => [key, value[key]]));
}

interface ItemEvent extends WireEvent {
  output_index: number;
  content_index: number;
  item: { id: string; type: string; content?: object[]; arguments?: string };
  part: object;
  delta: string;
}

/** The output as a client has it that reads only what is added and what is new. */
function rebuilt(events: readonly WireEvent[]): object[] {
  const items: Record<string, unknown>[] = [];
  for (const event of events as ItemEvent[]) {
    const item = items[event.output_index] as { content: Record<string, unknown>[] } & Record<string, unknown>;
    const part = item?.content?.[event.content_index];
    switch (event.type) {
      case "response.output_item.added":
        items[event.output_index] = structuredClone(event.item);
        break;
      case "response.content_part.added":
        item.content[event.content_index] = structuredClone(event.part) as Record<string, unknown>;
        break;
      case "response.output_text.delta":
      case "response.reasoning_text.delta":
        (part as { text: string }).text += event.delta;
        break;
      case "response.refusal.delta":
        (part as { refusal: string }).refusal += event.delta;
        break;
      case "response.function_call_arguments.delta":
        item.arguments = `${item.arguments}${event.delta}`;
        break;
      case "response.output_item.done":
        expect({ ...item, status: "" }).toEqual({ ...event.item, status: "" });
        item.status = (event.item as { status?: string }).status;
        break;
    }
  }
  return items;
}
