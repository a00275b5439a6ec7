import { getEventListeners, once } from "node:events";
import type { ServerResponse } from "node:http";
import type { ForwardReply } from "@outlet/core";
import { describe, expect, test, vi } from "vitest";
import {
  chat,
  contextFor,
  EVENT_STREAM,
  engineFor,
  httpUpstream,
  JSON_TYPE,
  piecesOf,
  rawUpstream,
} from "../test/upstream.ts";

const aborted = { name: "AbortError" };
const listeners = (signal: AbortSignal) => getEventListeners(signal, "abort").length;

/** An upstream that never answers, and each request's response as it arrives. */
async function silent() {
  const responses: ServerResponse[] = [];
  let arrive: () => void = () => {};
  const upstream = await httpUpstream((_, res) => {
    responses.push(res);
    arrive();
  });
  const arrived = async (count: number) => {
    while (responses.length < count) {
      await new Promise<void>((resolve) => {
        arrive = resolve;
      });
    }
    return responses[count - 1] as ServerResponse;
  };
  return { url: upstream.url, responses, arrived };
}

describe("an abort", () => {
  test("before anything was sent sends nothing", async () => {
    const upstream = await silent();
    const sent = engineFor(upstream.url).forward(chat(), contextFor(AbortSignal.abort()));
    await expect(sent).rejects.toMatchObject(aborted);
    expect(upstream.responses).toHaveLength(0);
  });

  test("in the queue takes the request out of it", async () => {
    const upstream = await silent();
    const engine = engineFor(upstream.url, { connections: 1 });
    const controller = new AbortController();
    const first = engine.forward(chat(), contextFor());
    const queued = engine.forward(chat({ path: "/embeddings" }), contextFor(controller.signal));
    const third = engine.forward(chat({ path: "/completions" }), contextFor());
    const res = await upstream.arrived(1);
    controller.abort();
    await expect(queued).rejects.toMatchObject(aborted);
    expect(listeners(controller.signal)).toBe(0);
    res.writeHead(200, JSON_TYPE).end("{}");
    await first;
    const next = await upstream.arrived(2);
    expect(next.req.url).toBe("/v1/completions");
    next.writeHead(200, JSON_TYPE).end("{}");
    await third;
  });

  test("while connecting ends the wait", async () => {
    const upstream = await rawUpstream(() => {});
    const controller = new AbortController();
    // A TLS handshake that nobody answers.
    const engine = engineFor(upstream.url.replace("http:", "https:"));
    const sent = engine.forward(chat(), contextFor(controller.signal));
    await expect.poll(() => upstream.sockets).toHaveLength(1);
    controller.abort();
    await expect(sent).rejects.toMatchObject(aborted);
    expect(listeners(controller.signal)).toBe(0);
  });

  test("before the headers hangs up", async () => {
    const upstream = await silent();
    const controller = new AbortController();
    const sent = engineFor(upstream.url, { maxRetries: 2 }).forward(chat(), contextFor(controller.signal));
    const res = await upstream.arrived(1);
    expect(listeners(controller.signal)).toBe(1);
    const closed = once(res, "close");
    controller.abort();
    await expect(sent).rejects.toMatchObject(aborted);
    await closed;
    expect(listeners(controller.signal)).toBe(0);
    expect(upstream.responses).toHaveLength(1);
  });

  test("in the middle of a stream hangs up and ends it at once", async () => {
    const upstream = await silent();
    const controller = new AbortController();
    const sent = engineFor(upstream.url).forward(chat({ stream: true }), contextFor(controller.signal));
    const res = await upstream.arrived(1);
    res.writeHead(200, EVENT_STREAM);
    res.write("data: 1\n\n");
    const pieces = piecesOf(await sent);
    await pieces.next();
    const waiting = pieces.next();
    const closed = once(res, "close");
    controller.abort();
    await expect(waiting).rejects.toMatchObject(aborted);
    await closed;
    expect(listeners(controller.signal)).toBe(0);
  });

  test("in the middle of a stream that nobody reads hangs up, and rejects nothing behind anybody's back", async () => {
    const upstream = await silent();
    const controller = new AbortController();
    const sent = engineFor(upstream.url).forward(chat({ stream: true }), contextFor(controller.signal));
    const res = await upstream.arrived(1);
    res.writeHead(200, EVENT_STREAM);
    res.write("data: 1\n\n");
    await sent;
    const closed = once(res, "close");
    controller.abort();
    await closed;
    expect(listeners(controller.signal)).toBe(0);
  });

  test("while waiting to try again ends the wait and its timer", async () => {
    const upstream = await httpUpstream((_, res) => res.writeHead(503, { "retry-after": "31" }).end());
    const timers = vi.spyOn(globalThis, "setTimeout");
    const cleared = vi.spyOn(globalThis, "clearTimeout");
    try {
      const controller = new AbortController();
      const sent = engineFor(upstream.url, { maxRetries: 2 }).forward(chat(), contextFor(controller.signal));
      const at = () => timers.mock.calls.findIndex(([, ms]) => ms === 31_000);
      await expect.poll(at).toBeGreaterThanOrEqual(0);
      expect(listeners(controller.signal)).toBe(1);
      controller.abort();
      await expect(sent).rejects.toMatchObject(aborted);
      expect(listeners(controller.signal)).toBe(0);
      expect(cleared).toHaveBeenCalledWith(timers.mock.results[at()]?.value);
    } finally {
      timers.mockRestore();
      cleared.mockRestore();
    }
  });

  test("while the key is being fetched ends the wait", async () => {
    const upstream = await silent();
    const controller = new AbortController();
    const engine = engineFor(upstream.url, { apiKey: () => new Promise<string>(() => {}) });
    const sent = engine.forward(chat(), contextFor(controller.signal));
    controller.abort();
    await expect(sent).rejects.toMatchObject(aborted);
    expect(upstream.responses).toHaveLength(0);
  });
});

describe("a signal", () => {
  test("is left without listeners by whatever ends well", async () => {
    const { signal } = new AbortController();
    const upstream = await httpUpstream((_, res, __, count) => {
      if (count === 1) res.writeHead(503).end();
      else if (count === 2) res.writeHead(200, JSON_TYPE).end("{}");
      else res.writeHead(200, EVENT_STREAM).end("data: [DONE]\n\n");
    });
    const engine = engineFor(upstream.url, { maxRetries: 1, apiKey: async () => "key" });
    await engine.forward(chat(), contextFor(signal));
    expect(listeners(signal)).toBe(0);
    const pieces = piecesOf(await engine.forward(chat({ stream: true }), contextFor(signal)));
    while (!(await pieces.next()).done);
    await expect.poll(() => listeners(signal)).toBe(0);
  });
});

describe("close", () => {
  test("ends what is under way, with a typed error, and hangs up", async () => {
    const upstream = await silent();
    const engine = engineFor(upstream.url);
    const [waiting, streaming] = [chat(), chat({ stream: true, path: "/streams" })].map((one) =>
      engine.forward(one, contextFor()),
    );
    const responses = [await upstream.arrived(1), await upstream.arrived(2)];
    // Which of the two came first does not matter: one stays silent, the other is answered with a stream.
    const hungUp = responses.map((res) => once(res, "close"));
    const isStream = (res: ServerResponse) => res.req.url === "/v1/streams";
    responses.find(isStream)?.writeHead(200, EVENT_STREAM).flushHeaders();
    const pieces = piecesOf(await (streaming as Promise<ForwardReply>));
    const closed = { status: 502, message: "The engine was closed." };
    const ends = [pieces.next(), waiting].map((one) => expect(one).rejects.toMatchObject(closed));
    await engine.close();
    await Promise.all([...ends, ...hungUp]);
    await engine.close();
  });
});
