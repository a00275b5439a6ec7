import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { gzipSync } from "node:zlib";
import { Agent } from "undici";
import { describe, expect, test } from "vitest";
import { chat, contextFor, deadUrl, EVENT_STREAM, engineFor, httpUpstream, JSON_TYPE, text } from "../test/upstream.ts";
import type { OpenAIOptions } from "./index.ts";

async function sentBy(
  options: OpenAIOptions,
  request = chat(),
): Promise<{ url: string; headers: IncomingHttpHeaders }> {
  let seen: { url: string; headers: IncomingHttpHeaders } | undefined;
  const upstream = await httpUpstream((req, res) => {
    seen = { url: req.url ?? "", headers: req.headers };
    res.writeHead(200, JSON_TYPE).end("{}");
  });
  const origin = new URL(upstream.url).origin;
  const engine = engineFor(upstream.url, {
    ...options,
    baseURL: options.baseURL ? origin + options.baseURL : upstream.url,
  });
  await engine.forward(request, contextFor());
  if (!seen) throw new Error("nothing arrived");
  return seen;
}

describe("the request", () => {
  test("arrives byte for byte, with the method, path and content type of the operation", async () => {
    const body = randomBytes(300_000);
    let seen: unknown;
    const upstream = await httpUpstream((req, res, got) => {
      seen = [req.method, req.url, req.headers["content-type"], got.equals(body)];
      res.writeHead(200, JSON_TYPE).end("{}");
    });
    await engineFor(upstream.url).forward(chat({ body, contentType: "application/octet-stream" }), contextFor());
    expect(seen).toEqual(["POST", "/v1/chat/completions", "application/octet-stream", true]);
  });

  test("carries the engine's own headers and no others", async () => {
    const { headers } = await sentBy({ apiKey: "sk-engine", organization: "org-1", project: "proj_1" });
    const { host: _, ...rest } = headers;
    expect(rest).toEqual({
      accept: "*/*",
      authorization: "Bearer sk-engine",
      connection: "keep-alive",
      "content-length": "27",
      "content-type": "application/json",
      "openai-organization": "org-1",
      "openai-project": "proj_1",
      "user-agent": "outlet",
      "x-client-request-id": "req_test",
    });
  });

  test("without a key carries no authorization", async () => {
    expect((await sentBy({})).headers).not.toHaveProperty("authorization");
  });

  test("takes more headers from an object or a function, over its own", async () => {
    const fixed = await sentBy({ apiKey: "k", headers: { "User-Agent": "host/1", "x-a": "1" } });
    expect(fixed.headers).toMatchObject({ "user-agent": "host/1", "x-a": "1", authorization: "Bearer k" });
    const made = await sentBy({
      apiKey: async () => "fresh",
      headers: ({ principal }) => ({ "x-caller": principal.id, "x-client-request-id": "mine" }),
    });
    expect(made.headers).toMatchObject({
      authorization: "Bearer fresh",
      "x-caller": "caller",
      "x-client-request-id": "mine",
    });
  });

  test("is not sent when the key cannot be had", async () => {
    const engine = engineFor(await deadUrl(), { apiKey: () => Promise.reject(new Error("vault sealed")) });
    await expect(engine.forward(chat(), contextFor())).rejects.toMatchObject({
      status: 502,
      code: "engine_error",
      message: "The key for the upstream could not be obtained.",
      cause: { message: "vault sealed" },
    });
  });

  test.each([
    "//evil.test/x",
    "/../admin",
    "/a/%2e%2E/b",
    "/a?x=y",
    "/a#b",
    "http://evil.test/",
    "/a b",
    "/a\r\nx: y",
    "",
    "/a/.",
  ])("cannot leave its base: %j", async (path) => {
    const engine = engineFor(await deadUrl());
    await expect(engine.forward(chat({ path }), contextFor())).rejects.toMatchObject({ status: 400 });
  });

  test("keeps an encoded slash and a version in a parameter", async () => {
    expect((await sentBy({}, chat({ path: "/models/org%2Fname:1.5" }))).url).toBe("/v1/models/org%2Fname:1.5");
  });
});

describe("Azure", () => {
  const azure = { apiVersion: "2024-10-21" };

  test("finds the deployment by the request's model and sends api-key", async () => {
    const { url, headers } = await sentBy({ baseURL: "/", apiKey: "az", azure });
    expect(url).toBe("/openai/deployments/m/chat/completions?api-version=2024-10-21");
    expect(headers["api-key"]).toBe("az");
    expect(headers).not.toHaveProperty("authorization");
  });

  test("takes a deployment's own name, and a token from a function as a bearer token", async () => {
    const options = { baseURL: "/gateway/openai", apiKey: () => "entra", azure: { ...azure, deployment: "my gpt" } };
    const { url, headers } = await sentBy(options);
    expect(url).toBe("/gateway/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21");
    expect(headers.authorization).toBe("Bearer entra");
  });

  test("cannot be led elsewhere by a model's name", async () => {
    const engine = engineFor(await deadUrl(), { azure });
    for (const body of ['{"model":".."}', '{"model":""}', "not json"]) {
      await expect(engine.forward(chat({ body }), contextFor())).rejects.toMatchObject({ status: 400 });
    }
  });
});

describe("the reply", () => {
  test("comes back byte for byte with its status and its headers", async () => {
    const body = randomBytes(500_000);
    const upstream = await httpUpstream((_, res) => {
      res.writeHead(201, {
        "content-type": "audio/mpeg",
        "X-Request-Id": "req_up",
        "set-cookie": "a=b",
        "x-twice": ["1", "2"],
      });
      res.write(body.subarray(0, 1000));
      res.end(body.subarray(1000));
    });
    const reply = await engineFor(upstream.url).forward(chat(), contextFor());
    expect(reply.status).toBe(201);
    expect(body.equals(reply.body as Uint8Array)).toBe(true);
    expect(reply.headers).toMatchObject({ "content-type": "audio/mpeg", "x-request-id": "req_up", "x-twice": "1, 2" });
    for (const name of ["set-cookie", "connection", "transfer-encoding"])
      expect(reply.headers).not.toHaveProperty(name);
  });

  test("with an error status is a whole body, also where a stream was asked for", async () => {
    const upstream = await httpUpstream((_, res) =>
      res.writeHead(400, { "content-type": "text/html" }).end("<h1>no</h1>"),
    );
    const reply = await engineFor(upstream.url).forward(chat({ stream: true }), contextFor());
    expect([reply.status, text(reply)]).toEqual([400, "<h1>no</h1>"]);
  });

  test("in JSON is a whole body, also where a stream was asked for", async () => {
    const upstream = await httpUpstream((_, res) => res.writeHead(200, JSON_TYPE).end('{"a":1}'));
    const reply = await engineFor(upstream.url).forward(chat({ stream: true }), contextFor());
    expect(text(reply)).toBe('{"a":1}');
  });

  test.each([
    ["HTML for a stream", true, { "content-type": "text/html" }, "was asked for an event stream and sent 'text/html'"],
    ["nothing said for a stream", true, {}, "sent 'no content type'"],
    ["a stream nobody asked for", false, EVENT_STREAM, "sent an event stream although it was not asked for one"],
    ["compressed", false, { "content-encoding": "gzip" }, "compressed its reply (gzip) although it was not asked to"],
    ["a compressed stream", true, { ...EVENT_STREAM, "content-encoding": "br" }, "compressed its reply (br)"],
  ])("is refused when it is %s", async (_, stream, headers, message) => {
    const upstream = await httpUpstream((_req, res) => res.writeHead(200, headers).end("data"));
    await expect(engineFor(upstream.url).forward(chat({ stream }), contextFor())).rejects.toMatchObject({
      name: "ApiError",
      status: 502,
      code: "engine_error",
      message: expect.stringContaining(message),
    });
  });

  test("that is a compressed refusal keeps its status", async () => {
    const upstream = await httpUpstream((_, res) => {
      res.writeHead(429, { ...JSON_TYPE, "content-encoding": "gzip" }).end(gzipSync("{}"));
    });
    const reply = await engineFor(upstream.url).forward(chat(), contextFor());
    expect([reply.status, text(reply)]).toEqual([429, ""]);
  });

  test.each([
    ["announced", { "content-length": "11" }],
    ["not announced", {}],
  ])("is refused when it is too large: %s", async (_, headers) => {
    const upstream = await httpUpstream((_req, res) =>
      res.writeHead(200, { ...JSON_TYPE, ...headers }).end("x".repeat(11)),
    );
    await expect(engineFor(upstream.url, { maxReplyBytes: 10 }).forward(chat(), contextFor())).rejects.toMatchObject({
      status: 502,
      message: "The upstream's reply is larger than 10 bytes.",
    });
  });

  test("may be as large as the limit, and empty", async () => {
    const upstream = await httpUpstream((_, res, __, count) =>
      res.writeHead(200).end("x".repeat(count === 1 ? 10 : 0)),
    );
    const engine = engineFor(upstream.url, { maxReplyBytes: 10 });
    expect(text(await engine.forward(chat(), contextFor()))).toBe("xxxxxxxxxx");
    expect(text(await engine.forward(chat(), contextFor()))).toBe("");
  });

  test("may follow informational responses", async () => {
    const upstream = await httpUpstream((_, res) => {
      res.writeEarlyHints({ link: "</a>; rel=preload" });
      res.writeHead(200, JSON_TYPE).end("{}");
    });
    expect((await engineFor(upstream.url).forward(chat(), contextFor())).status).toBe(200);
  });
});

describe("connections", () => {
  test("are used again, for streams as for whole replies", async () => {
    const upstream = await httpUpstream((_, res, body) => {
      if (body.includes("stream")) res.writeHead(200, EVENT_STREAM).end("data: [DONE]\n\n");
      else res.writeHead(200, JSON_TYPE).end("{}");
    });
    const engine = engineFor(upstream.url);
    for (let i = 0; i < 10; i++) {
      const reply = await engine.forward(i % 2 ? chat() : chat({ body: "stream", stream: true }), contextFor());
      if (!(reply.body instanceof Uint8Array)) for await (const _ of reply.body);
    }
    // undici rests a connection for one turn of the event loop, so two take turns.
    expect(upstream.sockets.length).toBeLessThanOrEqual(2);
  });

  test("are never more than allowed", async () => {
    const upstream = await httpUpstream((_, res) => setImmediate(() => res.writeHead(200, JSON_TYPE).end("{}")));
    const engine = engineFor(upstream.url, { connections: 2 });
    await Promise.all(Array.from({ length: 12 }, () => engine.forward(chat(), contextFor())));
    expect(upstream.sockets).toHaveLength(2);
  });

  test("of a dispatcher of the host's own stay open when the engine closes", async () => {
    const upstream = await httpUpstream((_, res) => res.writeHead(200, JSON_TYPE).end("{}"));
    const dispatcher = new Agent();
    const engine = engineFor(upstream.url, { dispatcher });
    await engine.forward(chat(), contextFor());
    await engine.close();
    expect(dispatcher.closed).toBe(false);
    await expect(engine.forward(chat(), contextFor())).rejects.toMatchObject({ message: "The engine is closed." });
    await dispatcher.close();
  });
});
