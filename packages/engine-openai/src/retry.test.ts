import { describe, expect, onTestFinished, test, vi } from "vitest";
import {
  chat,
  contextFor,
  deadUrl,
  EVENT_STREAM,
  engineFor,
  httpUpstream,
  JSON_TYPE,
  rawUpstream,
  streamed,
  text,
} from "../test/upstream.ts";

const LONG = 60_000;

/** Answers the first requests with these, and all others with 200. */
async function flaky(...failures: [status: number, headers?: Record<string, string>][]) {
  const bodies: string[] = [];
  const upstream = await httpUpstream((_, res, body, count) => {
    bodies.push(body.toString());
    const [status, headers] = failures[count - 1] ?? [200];
    res.writeHead(status, { ...JSON_TYPE, ...headers }).end(`{"count":${count}}`);
  });
  return { ...upstream, bodies };
}

describe("a reply that may pass", () => {
  test.each([408, 409, 429, 500, 502, 503, 529])("is asked for again with the same bytes: %i", async (status) => {
    const upstream = await flaky([status], [status]);
    const reply = await engineFor(upstream.url, { maxRetries: 2 }).forward(chat({ body: '{"a":1}' }), contextFor());
    expect([reply.status, text(reply)]).toEqual([200, '{"count":3}']);
    expect(upstream.bodies).toEqual(['{"a":1}', '{"a":1}', '{"a":1}']);
  });

  test("is handed on as it is when it was the last", async () => {
    const upstream = await flaky([503], [500, { "retry-after": "0" }], [429, { "retry-after-ms": "7" }]);
    const reply = await engineFor(upstream.url, { maxRetries: 2 }).forward(chat({ stream: true }), contextFor());
    expect([reply.status, text(reply), reply.headers["retry-after-ms"]]).toEqual([429, '{"count":3}', "7"]);
  });

  test.each([200, 301, 400, 401, 404, 422])("is not one of these: %i", async (status) => {
    const upstream = await flaky([status]);
    const reply = await engineFor(upstream.url, { maxRetries: 2 }).forward(chat(), contextFor());
    expect([reply.status, upstream.bodies.length]).toEqual([status, 1]);
  });

  test("is what the upstream says it is", async () => {
    const hopeless = await flaky([429, { "x-should-retry": "false" }]);
    expect((await engineFor(hopeless.url, { maxRetries: 2 }).forward(chat(), contextFor())).status).toBe(429);
    const hopeful = await flaky([400, { "x-should-retry": "true" }]);
    expect((await engineFor(hopeful.url, { maxRetries: 2 }).forward(chat(), contextFor())).status).toBe(200);
  });

  test("is asked for again before a stream, never during one", async () => {
    const upstream = await httpUpstream((_, res, __, count) => {
      if (count === 1) res.writeHead(503).end();
      else res.writeHead(200, EVENT_STREAM).end("data: [DONE]\n\n");
    });
    const reply = await engineFor(upstream.url, { maxRetries: 1 }).forward(chat({ stream: true }), contextFor());
    expect(await streamed(reply)).toBe("data: [DONE]\n\n");
  });
});

describe("the wait", () => {
  test.each<[string, Record<string, string>]>([
    ["retry-after-ms", { "retry-after-ms": "1.5", "retry-after": "59" }],
    ["retry-after in seconds", { "retry-after": "0.01" }],
    ["retry-after as a date", { "retry-after": "Fri, 02 Jan 2026 03:04:05 GMT" }],
  ])("is the one that the upstream asks for: %s", async (_, headers) => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-01-02T03:04:04.980Z") });
    onTestFinished(() => void vi.useRealTimers());
    const upstream = await flaky([503, headers]);
    // Were the header not read, the wait would outlast the test.
    const engine = engineFor(upstream.url, { maxRetries: 1, retryBaseMs: LONG, retryMaxMs: LONG });
    expect((await engine.forward(chat(), contextFor())).status).toBe(200);
  });

  test.each<Record<string, string>>([
    { "retry-after": "61" },
    { "retry-after": "-1" },
    { "retry-after": "soon" },
    { "retry-after-ms": "9e9" },
  ])("is the engine's own where the upstream asks for what cannot be: %j", async (headers) => {
    const upstream = await flaky([503, headers]);
    const engine = engineFor(upstream.url, { maxRetries: 1, retryBaseMs: 1 });
    expect((await engine.forward(chat(), contextFor())).status).toBe(200);
  });

  test("is not begun when it would outlast the time for the first byte", async () => {
    const upstream = await flaky([503, { "retry-after": "30" }]);
    const engine = engineFor(upstream.url, { maxRetries: 2, firstByteTimeoutMs: 5_000 });
    expect((await engine.forward(chat(), contextFor())).status).toBe(503);
  });
});

describe("a connection that failed", () => {
  test("before any reply is tried again", async () => {
    const upstream = await rawUpstream((socket, connection) => {
      if (connection === 1) socket.resetAndDestroy();
      else if (connection === 2) socket.end();
      else socket.end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}");
    });
    const reply = await engineFor(upstream.url, { maxRetries: 2 }).forward(chat(), contextFor());
    expect(text(reply)).toBe("{}");
    expect(upstream.sockets).toHaveLength(3);
  });

  test("in the middle of a whole reply is not: the answer was already paid for", async () => {
    const upstream = await rawUpstream((socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}"));
    const sent = engineFor(upstream.url, { maxRetries: 2 }).forward(chat(), contextFor());
    await expect(sent).rejects.toMatchObject({
      status: 502,
      message: "The upstream broke off in the middle of its reply.",
    });
    expect(upstream.sockets).toHaveLength(1);
  });

  test("for good is a 502 that says nothing of where it went", async () => {
    const url = await deadUrl();
    const sent = engineFor(url, { maxRetries: 2, apiKey: "sk-secret" }).forward(chat(), contextFor());
    const error = await sent.catch((caught) => caught);
    expect(error).toMatchObject({ status: 502, code: "engine_error", cause: { code: "ECONNREFUSED" } });
    expect(error.message).toBe("The upstream could not be reached, or closed the connection without a reply.");
  });
});
