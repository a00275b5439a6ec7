import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ask, chunksOf, dataOf, forwardEngine, testOutlet } from "../test-support.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const json = (value: unknown) => bytes(JSON.stringify(value));

const chunk = (delta: object, more = ',"usage":null') =>
  `data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":${JSON.stringify(delta)},"finish_reason":null}]${more}}\n\n`;
const USAGE = `data: {"id":"c","object":"chat.completion.chunk","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10,"prompt_tokens_details":{"cached_tokens":2}}}\n\n`;
const TEXTS = ["Héllo", ' "usage":null ', "wörld 🙂", '{"usage":{"a":1}}', "data: [DONE]\n\n"];
const STREAM = `${TEXTS.map((content) => chunk({ content })).join("")}${USAGE}data: [DONE]\n\n`;
const EXPECTED = `${TEXTS.map((content) => chunk({ content }, "")).join("")}data: [DONE]\n\n`;
const METERED = { input_tokens: 7, cached_tokens: 2, output_tokens: 3, reasoning_tokens: 0, estimated: false };

function cutAt(text: string, cuts: readonly number[]): Uint8Array[] {
  const all = bytes(text);
  const at = [...new Set(cuts.map((cut) => cut % all.length))].sort((a, b) => a - b);
  return [0, ...at].map((from, i) => all.slice(from, at[i] ?? all.length)).filter((part) => part.length > 0);
}

const sse = (...chunks: Parameters<typeof chunksOf>) => ({
  status: 200,
  headers: { "content-type": "text/event-stream" },
  body: chunksOf(...chunks),
});

describe("a relayed stream", () => {
  test("is metered, and shows nothing that the client did not ask for, wherever its chunks are cut", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 12 }), async (cuts) => {
        const { post, settled } = testOutlet({ models: { m: forwardEngine(sse(...cutAt(STREAM, cuts))) } });
        const text = await (await post("/chat/completions", ask("x", { stream: true }))).text();
        expect(text).toBe(EXPECTED);
        expect(settled[0]).toMatchObject({ outcome: "completed", usage: METERED });
      }),
      { numRuns: 300 },
    );
  });

  test("of an upstream that names usage only where it has some is metered and handed on just the same", async () => {
    const stream = `: waiting\n\n${TEXTS.map((content) => chunk({ content }, "")).join("")}${USAGE}data: [DONE]\n\n`;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 12 }), async (cuts) => {
        const { post, settled } = testOutlet({ models: { m: forwardEngine(sse(...cutAt(stream, cuts))) } });
        const text = await (await post("/chat/completions", ask("x", { stream: true }))).text();
        expect(text).toBe(`: waiting\n\n${EXPECTED}`);
        expect(settled[0]).toMatchObject({ outcome: "completed", usage: METERED });
      }),
      { numRuns: 300 },
    );
  });

  test("that is cut before its usage is estimated by its events, in chunks of one, of many or of none", async () => {
    const one = (content: string) => chunk({ content }, "");
    const chunks = [": hi\n\n", one("data: a"), `${one("b")}event: x\n${one("[c]")}`, one('"use"'), "\n\n"];
    const { post, settled } = testOutlet({ models: { m: forwardEngine(sse(...chunks, new Error("socket hang up"))) } });
    const text = await (await post("/chat/completions", ask("x", { stream: true }))).text();
    expect(text.startsWith(chunks.join(""))).toBe(true);
    expect(settled[0]).toMatchObject({ outcome: "failed", usage: { output_tokens: 4, estimated: true } });
  });

  test("is handed on byte for byte when the client asked for usage itself", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 12 }), async (cuts) => {
        const seen: string[] = [];
        const { post, settled } = testOutlet({ models: { m: forwardEngine(sse(...cutAt(STREAM, cuts)), seen) } });
        const request = ask("x", { stream: true, stream_options: { include_usage: true } });
        expect(await (await post("/chat/completions", request)).text()).toBe(STREAM);
        expect(settled[0]?.usage).toEqual(METERED);
        expect(seen[0]).toBe(JSON.stringify(request));
      }),
      { numRuns: 100 },
    );
  });

  test("keeps an event whose choices come with usage, without it", async () => {
    const event = (usage: string) =>
      `data: {"id":"c","choices":[{"index":0,"delta":{"content":"é"}}]${usage},"x":1}\n\n`;
    const usage = ',"usage":{"prompt_tokens":7,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":2}}';
    const stream = `${event(usage)}data: [DONE]\n\n`;
    const { post, settled } = testOutlet({ models: { m: forwardEngine(sse(stream)) } });
    const text = await (await post("/chat/completions", ask("x", { stream: true }))).text();
    expect(text).toBe(`${event("")}data: [DONE]\n\n`);
    expect(settled[0]?.usage).toEqual(METERED);
  });

  test("asks for usage in front of the client's own bytes, or beside its own stream options", async () => {
    const seen: string[] = [];
    const { post } = testOutlet({ models: { m: forwardEngine(() => sse(STREAM), seen) } });
    await post("/chat/completions", ' {"model":"m", "messages":[{"role":"user","content":"x"}],"stream":true}');
    await post("/chat/completions", ask("x", { stream: true, stream_options: { include_obfuscation: false } }));
    expect(seen[0]).toBe(
      '{"stream_options":{"include_usage":true},"model":"m", "messages":[{"role":"user","content":"x"}],"stream":true}',
    );
    expect(JSON.parse(seen[1] as string).stream_options).toEqual({ include_usage: true, include_obfuscation: false });
  });

  test.each([
    ["breaks off", [chunk({ content: "a" }), new Error("socket hang up")]],
    ["ends without its ending", [chunk({ content: "a" })]],
    ["ends inside an event", [chunk({ content: "a" }), 'data: {"id":"c","cho']],
    ["sends garbage", [chunk({ content: "a" }), 'data: {"usage":{ nonsense\n\n']],
  ])("that %s ends in an error event, never in [DONE]", async (_name, chunks) => {
    const { post, settled } = testOutlet({ models: { m: forwardEngine(sse(...chunks)) } });
    const reply = await post("/chat/completions", ask("x", { stream: true }));
    const data = dataOf(await reply.text());
    expect(reply.status).toBe(200);
    expect(JSON.parse(data.at(-1) as string).error).toMatchObject({ type: "server_error", param: null });
    expect(data).not.toContain("[DONE]");
    expect(data.join()).not.toContain("socket hang up");
    expect(settled[0]).toMatchObject({ outcome: "failed", usage: { output_tokens: 1, estimated: true } });
  });

  test("that reports an error of its own is handed on, and counts as failed", async () => {
    const error = 'data: {"error":{"message":"overloaded","type":"server_error","param":null,"code":null}}\n\n';
    const { post, settled } = testOutlet({ models: { m: forwardEngine(sse(chunk({ content: "a" }), error)) } });
    const text = await (await post("/chat/completions", ask("x", { stream: true }))).text();
    expect(text).toBe(chunk({ content: "a" }, "") + error);
    expect(settled[0]?.outcome).toBe("failed");
  });

  test("whose event never ends is cut off at a bound", async () => {
    const flood = chunksOf(...Array.from({ length: 10 }, () => "x".repeat(1024 * 1024)));
    const { post } = testOutlet({ models: { m: forwardEngine({ status: 200, headers: {}, body: flood }) } });
    const reply = await post("/chat/completions", ask("x", { stream: true }));
    expect(reply.status).toBe(502);
  });
});

describe("a large event in small pieces", () => {
  test("is handed on whole, in time that grows with its size", async () => {
    const event = `data: {"x":"${"é".repeat(500_000)}"}\r\n\r\n`;
    const pieces = event.match(/[\s\S]{1,50}/g) ?? [];
    const flood = chunksOf(...pieces, "data: [DO", "NE]\n", "\n");
    const { post } = testOutlet({ models: { m: forwardEngine({ status: 200, headers: {}, body: flood }) } });
    const began = process.threadCpuUsage();
    const reply = await post("/chat/completions", ask("x", { stream: true }));
    expect(await reply.text()).toBe(`${event}data: [DONE]\n\n`);
    const { user, system } = process.threadCpuUsage(began);
    // Searched anew with every piece, it would be gigabytes.
    expect(user + system).toBeLessThan(1_500_000);
  });
});

describe("a relayed reply", () => {
  const reply = {
    id: "c",
    choices: [],
    usage: { prompt_tokens: 7, completion_tokens: 3, prompt_tokens_details: { cached_tokens: 2 } },
  };

  test("keeps its bytes and is metered", async () => {
    const body = `{ "id":"c",\n"choices" : [ ], "usage":{"prompt_tokens":7,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":2}} }`;
    const { post, settled } = testOutlet({
      models: { m: forwardEngine({ status: 200, headers: {}, body: bytes(body) }) },
    });
    expect(await (await post("/chat/completions", ask("x"))).text()).toBe(body);
    expect(settled[0]?.usage).toEqual(METERED);
  });

  test("of any size is metered from its end", async () => {
    const body = json({
      object: "list",
      data: [{ embedding: Array.from({ length: 30_000 }, (_, i) => i / 7) }],
      usage: { prompt_tokens: 7 },
    });
    const { post, settled } = testOutlet({ models: { m: forwardEngine({ status: 200, headers: {}, body }) } });
    await post("/embeddings", { model: "m", input: "x" });
    expect(settled[0]?.usage?.input_tokens).toBe(7);
  });

  test.each([
    ["not JSON", "<html>"],
    ["cut off", '{"id":"c","cho'],
    ["cut off and large", `{"a":"${"x".repeat(70_000)}`],
  ])("that is %s is a 502", async (_name, body) => {
    const { post } = testOutlet({ models: { m: forwardEngine({ status: 200, headers: {}, body: bytes(body) }) } });
    const answer = await post("/chat/completions", ask("x"));
    expect(answer.status).toBe(502);
    expect((await answer.json()).error.code).toBe("engine_error");
  });

  test.each([
    ["twice", '{"model":"expensive","messages":[{"role":"user","content":"x"}],"model":"m"}'],
    ["in escapes", '{"model":"m","messages":[{"role":"user","content":"x"}],"\\u006dodel":"m"}'],
  ])("that names its model %s is written anew: an upstream must not read another one", async (_name, body) => {
    const seen: string[] = [];
    const engine = forwardEngine({ status: 200, headers: {}, body: json(reply) }, seen);
    const { post } = testOutlet({ models: { m: engine } });
    await post("/chat/completions", body);
    expect(seen[0]?.match(/model/g)).toHaveLength(1);
    expect(JSON.parse(seen[0] as string).model).toBe("m");
  });

  test("asks for the id that the engine knows the model by", async () => {
    const seen: string[] = [];
    const engine = forwardEngine({ status: 200, headers: {}, body: json(reply) }, seen);
    const { post } = testOutlet({ models: { m: { engine, model: "llama3.2" } } });
    await post("/chat/completions", ask("x", { top_k: 5 }));
    expect(JSON.parse(seen[0] as string)).toEqual(ask("x", { model: "llama3.2", top_k: 5 }));
  });
});

describe("a relayed error", () => {
  const refusal = (status: number, body: string, headers = {}) =>
    testOutlet({ models: { m: forwardEngine({ status, headers, body: bytes(body) }) } }).post(
      "/chat/completions",
      ask("x"),
    );

  test("keeps its status, envelope and retry headers", async () => {
    const error = { message: "Rate limit reached", type: "tokens", param: null, code: "rate_limit_exceeded" };
    const reply = await refusal(429, JSON.stringify({ error }), {
      "retry-after": "7",
      "x-ratelimit-limit-requests": "1",
      server: "x",
    });
    expect(reply.status).toBe(429);
    expect(await reply.json()).toEqual({ error });
    expect(reply.headers.get("retry-after")).toBe("7");
    expect(reply.headers.get("x-ratelimit-limit-requests")).toBeNull();
  });

  test.each([401, 403])("about the server's own key (%i) never reaches the client", async (status) => {
    const reply = await refusal(
      status,
      '{"error":{"message":"Incorrect API key provided: sk-secret","code":"invalid_api_key"}}',
    );
    expect(reply.status).toBe(502);
    expect(reply.headers.get("x-should-retry")).toBe("false");
    expect(await reply.text()).not.toContain("sk-secret");
  });

  test.each([
    [500, "<html>Bad Gateway</html>", "The upstream answered with status 500."],
    [404, '{"error":"model not found"}', "model not found"],
    [422, '{"detail":"bad field"}', "bad field"],
    [400, '{"message":"plain","type":"bad"}', "plain"],
  ])("in another shape (%i) is put into the envelope", async (status, body, message) => {
    const reply = await refusal(status, body);
    const { error } = await reply.json();
    expect(reply.status).toBe(status);
    expect(Object.keys(error).sort()).toEqual(["code", "message", "param", "type"]);
    expect(error.message).toBe(message);
  });

  test("that comes under a 200 is an error all the same", async () => {
    for (const body of ['{"error":{"message":"overloaded"}}', '{ "error" : "overloaded" }']) {
      const engine = forwardEngine({ status: 200, headers: {}, body: new TextEncoder().encode(body) });
      const { post, settled } = testOutlet({ models: { m: engine } });
      for (const stream of [false, true]) {
        const response = await post("/chat/completions", ask("hi", { stream }));
        expect(response.status).toBe(502);
        expect(await response.json()).toMatchObject({ error: { message: "overloaded" } });
      }
      expect(settled.map(({ outcome }) => outcome)).toEqual(["failed", "failed"]);
    }
  });

  test("loses headers that could not be written", async () => {
    const headers = { "retry-after": "\u20ac", "retry-after-ms": "5\r\nset-cookie: x", "x-should-retry": "false" };
    const engine = forwardEngine({ status: 429, headers, body: new Uint8Array() });
    const response = await testOutlet({ models: { m: engine } }).post("/chat/completions", ask("hi"));
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBeNull();
    expect(response.headers.get("retry-after-ms")).toBeNull();
    expect(response.headers.get("x-should-retry")).toBe("false");
  });

  test.each([
    null,
    undefined,
    {},
    { status: "200", headers: {}, body: new Uint8Array() },
    { status: Number.NaN, headers: {}, body: new Uint8Array() },
    { status: 200, headers: {}, body: null },
    { status: 200, headers: {}, body: "text" },
    { status: 200, headers: {}, body: chunksOf("data: [DONE]\n\n") },
  ])("stands for a reply of the engine's that is none: %o", async (reply) => {
    const { post } = testOutlet({ models: { m: forwardEngine(reply as never) } });
    const response = await post("/chat/completions", ask("hi"));
    expect(response.status).toBeGreaterThanOrEqual(500);
    expect(await response.json()).toHaveProperty("error.message");
  });
});
