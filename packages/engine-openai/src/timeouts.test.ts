import { once } from "node:events";
import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
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

const timeout = { name: "ApiError", status: 504, code: "engine_timeout" };

describe("a timeout", () => {
  test("ends a request that gets no reply, without a second try", async () => {
    let closed: Promise<unknown> | undefined;
    const upstream = await rawUpstream((socket: Socket) => {
      closed = once(socket, "close");
      socket.on("end", () => socket.end());
    });
    const sent = engineFor(upstream.url, { firstByteTimeoutMs: 300, maxRetries: 2 }).forward(chat(), contextFor());
    await expect(sent).rejects.toMatchObject({ ...timeout, message: "The upstream did not answer in time." });
    await closed;
    expect(upstream.sockets).toHaveLength(1);
  });

  test("ends a request that waits too long for a connection", async () => {
    let requests = 0;
    const upstream = await httpUpstream((_, res) => {
      requests += 1;
      res.writeHead(200, EVENT_STREAM);
      res.write("data: {}\n\n");
    });
    const engine = engineFor(upstream.url, { connections: 1, firstByteTimeoutMs: 1_000 });
    // A stream that goes on has the only connection.
    const controller = new AbortController();
    const first = piecesOf(await engine.forward(chat({ stream: true }), contextFor(controller.signal)));
    await expect(engine.forward(chat(), contextFor())).rejects.toMatchObject(timeout);
    expect(requests).toBe(1);
    const rest = expect(first.next().then(() => first.next())).rejects.toMatchObject({ name: "AbortError" });
    controller.abort();
    await rest;
  });

  test("ends a connection that is never made, after its retries", async () => {
    // A TLS handshake that nobody answers.
    const upstream = await rawUpstream(() => {});
    const url = upstream.url.replace("http:", "https:");
    const engine = engineFor(url, { connectTimeoutMs: 40, maxRetries: 1 });
    await expect(engine.forward(chat(), contextFor())).rejects.toMatchObject({
      ...timeout,
      message: "The upstream could not be reached in time.",
      cause: { code: "UND_ERR_CONNECT_TIMEOUT" },
    });
    expect(upstream.sockets).toHaveLength(2);
  });

  test("ends a whole reply that falls silent", async () => {
    const upstream = await httpUpstream((_, res) => {
      res.writeHead(200, { ...JSON_TYPE, "content-length": "9" });
      res.write("{");
    });
    const sent = engineFor(upstream.url, { idleTimeoutMs: 50, maxRetries: 2 }).forward(chat(), contextFor());
    await expect(sent).rejects.toMatchObject({
      ...timeout,
      message: "The upstream fell silent in the middle of its reply.",
    });
  });

  test("of 0 is none", async () => {
    const upstream = await httpUpstream((_, res) => res.writeHead(200, JSON_TYPE).end("{}"));
    const none = { firstByteTimeoutMs: 0, idleTimeoutMs: 0, connectTimeoutMs: 0 };
    expect((await engineFor(upstream.url, none).forward(chat(), contextFor())).status).toBe(200);
  });
});
