import { once } from "node:events";
import OpenAI, { APIUserAbortError } from "openai";
import { describe, expect, test } from "vitest";
import { defineModel } from "./engine/define-model.ts";
import { createOutlet } from "./outlet.ts";
import { ask, testOutlet } from "./test-support.ts";

describe("createOutlet", () => {
  test("refuses what is no engine, and an outlet without models", () => {
    expect(() => createOutlet({ access: "open", models: {} })).toThrow("at least one model");
    expect(() => createOutlet({ access: "open", models: { m: { engine: {} as never } } })).toThrow(
      'models["m"] is not an engine',
    );
    expect(() => defineModel({})).toThrow("defineModel needs chat, complete, embed or moderate");
  });

  test("answers with and without the version segment", async () => {
    const { outlet } = testOutlet({ models: { m: defineModel(() => "hi") } });
    for (const path of ["/v1/models", "/models"]) expect((await outlet.fetch(`http://outlet${path}`)).status).toBe(200);
    expect(["/v1/models", "/models/a/b", "/v1/nope", "/v1"].map(outlet.handles)).toEqual([true, true, false, false]);
  });
});

describe("models", () => {
  const own = defineModel(() => "own");
  const rest = {
    ...defineModel(({ request }) => `rest:${request.model}`),
    listModels: async () => [
      { id: "m", object: "model" as const, created: 1, owned_by: "upstream" },
      { id: "org/name:tag", object: "model" as const, created: 1, owned_by: "upstream" },
    ],
  };
  const { outlet } = testOutlet({ models: { m: { engine: own, created: 5, owned_by: "me" }, "*": rest } });
  const client = new OpenAI({ baseURL: "http://outlet/v1", apiKey: "x", fetch: outlet.fetch, maxRetries: 0 });

  test("lists its own, then what the engine under * offers", async () => {
    const { data } = await client.models.list();
    expect(data.map(({ id, owned_by }) => `${id} ${owned_by}`)).toEqual(["m me", "org/name:tag upstream"]);
  });

  test("retrieves ids with slashes", async () => {
    expect(await client.models.retrieve("org/name:tag")).toMatchObject({ id: "org/name:tag", object: "model" });
    await expect(client.models.retrieve("nope")).rejects.toMatchObject({
      status: 404,
      code: "model_not_found",
      param: "model",
    });
  });

  test("sends every other id to the engine under *", async () => {
    const reply = await client.chat.completions.create({
      model: "anything",
      messages: [{ role: "user", content: "x" }],
    });
    expect(reply.choices[0]?.message.content).toBe("rest:anything");
  });
});

describe("the official SDK in process", () => {
  test("aborts as it does over a socket, and the engine is told", async () => {
    const left = Promise.withResolvers<void>();
    const model = defineModel(async function* ({ signal }) {
      try {
        yield "one";
        await once(signal, "abort");
      } finally {
        left.resolve();
      }
    });
    const { outlet, settled } = testOutlet({ models: { m: model } });
    const client = new OpenAI({ baseURL: "http://outlet/v1", apiKey: "x", fetch: outlet.fetch, maxRetries: 0 });
    const controller = new AbortController();
    const whole = client.chat.completions.create(ask("x") as never, { signal: controller.signal });
    controller.abort();
    await expect(whole).rejects.toBeInstanceOf(APIUserAbortError);
    const stream = await client.chat.completions.create({
      ...ask("x"),
      stream: true,
    } as OpenAI.ChatCompletionCreateParamsStreaming);
    for await (const _ of stream) break;
    await left.promise;
    expect(settled.at(-1)).toMatchObject({ outcome: "cancelled", usage: { output_tokens: 1 } });
  });
});

describe("close", () => {
  test("refuses new calls, lets those under way finish, then closes the engines", async () => {
    const gate = Promise.withResolvers<void>();
    const order: string[] = [];
    const model = {
      ...defineModel(async () => {
        await gate.promise;
        return "done";
      }),
      close: async () => void order.push("closed"),
    };
    const { post, outlet } = testOutlet({ models: { m: model } });
    const underWay = post("/chat/completions", ask("x")).then((reply) => order.push(`answered ${reply.status}`));
    await new Promise(setImmediate);
    const closed = outlet.close();
    const late = await post("/chat/completions", ask("x"));
    expect([late.status, late.headers.get("retry-after")]).toEqual([503, "1"]);
    gate.resolve();
    await Promise.all([underWay, closed]);
    expect(order).toEqual(["answered 200", "closed"]);
  });

  test("cancels what does not finish in time", async () => {
    const model = defineModel(() => new Promise<string>(() => {}));
    const { post, outlet, settled } = testOutlet({ models: { m: model } });
    const hanging = post("/chat/completions", ask("x"));
    await new Promise(setImmediate);
    await outlet.close({ graceMs: 1 });
    expect((await hanging).status).toBe(499);
    expect(settled[0]?.outcome).toBe("cancelled");
  });
});

describe("a function model", () => {
  const { post } = testOutlet({
    models: {
      m: defineModel(({ messages }) => {
        const said = messages.at(-1)?.content;
        if (said === "tool")
          return [
            { tool_call: { name: "add", arguments: { a: 1 } } },
            { tool_call: { id: "call_2", name: "sub", arguments: "{}" } },
          ];
        if (said === "json") return { json: { ok: true } };
        if (said === "refuse") return { refusal: "No." };
        if (said === "count") return ["hi", { usage: { prompt_tokens: 11, completion_tokens: 22 } }];
        if (said === "filtered") return ["h", { finish_reason: "content_filter" }];
        return "plain";
      }),
    },
  });
  const say = async (content: string, more: object = {}) =>
    (await post("/chat/completions", ask(content, more))).json();

  test("calls tools, whole and streamed", async () => {
    const { choices } = await say("tool");
    expect(choices[0]).toMatchObject({ finish_reason: "tool_calls", message: { content: null } });
    expect(choices[0].message.tool_calls).toMatchObject([
      { id: expect.stringMatching(/^call_/), type: "function", function: { name: "add", arguments: '{"a":1}' } },
      { id: "call_2", type: "function", function: { name: "sub", arguments: "{}" } },
    ]);
    const stream = await (await post("/chat/completions", ask("tool", { stream: true }))).text();
    expect(stream).toContain(
      '"tool_calls":[{"index":1,"id":"call_2","type":"function","function":{"name":"sub","arguments":"{}"}}]',
    );
  });

  test("answers JSON where it was asked for, and fails clearly where it does not", async () => {
    const response_format = { type: "json_object" };
    expect(JSON.parse((await say("json", { response_format })).choices[0].message.content)).toEqual({ ok: true });
    expect((await say("not json", { response_format })).error).toMatchObject({
      type: "server_error",
      code: "engine_error",
    });
  });

  test("refuses, counts and ends in its own words", async () => {
    expect((await say("refuse")).choices[0].message).toMatchObject({ content: null, refusal: "No." });
    expect((await say("count")).usage).toMatchObject({ prompt_tokens: 11, completion_tokens: 22, total_tokens: 33 });
    expect((await say("filtered")).choices[0].finish_reason).toBe("content_filter");
  });
});
