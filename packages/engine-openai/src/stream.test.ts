import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import {
  chat,
  contextFor,
  EVENT_STREAM,
  engineFor,
  httpUpstream,
  piecesOf,
  rawUpstream,
  streamed,
} from "../test/upstream.ts";

const STREAM_HEAD = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n";
const request = chat({ stream: true });

/** A stream that is open: its reply, and the response that it is written with. */
async function openStream(options: Parameters<typeof engineFor>[1] = {}, signal?: AbortSignal) {
  let opened: (res: ServerResponse) => void = () => {};
  const response = new Promise<ServerResponse>((resolve) => {
    opened = resolve;
  });
  const upstream = await httpUpstream((_, res) => {
    res.writeHead(200, EVENT_STREAM).flushHeaders();
    opened(res);
  });
  const engine = engineFor(upstream.url, options);
  const reply = await engine.forward(request, contextFor(signal));
  return { engine, pieces: piecesOf(reply), res: await response, upstream };
}

describe("a stream", () => {
  test("is handed on byte for byte", async () => {
    const body = randomBytes(1_000_000);
    const upstream = await httpUpstream((_, res) => {
      res.writeHead(200, EVENT_STREAM);
      for (let at = 0; at < body.length; at += 7_919) res.write(body.subarray(at, at + 7_919));
      res.end();
    });
    const pieces = piecesOf(await engineFor(upstream.url).forward(request, contextFor()));
    const parts: Uint8Array[] = [];
    for (let one = await pieces.next(); !one.done; one = await pieces.next()) parts.push(one.value);
    expect(Buffer.concat(parts).equals(body)).toBe(true);
  });

  test("is handed on as it comes, not when it is whole", async () => {
    const { pieces, res } = await openStream();
    for (const word of ["one", "two", "three"]) {
      res.write(word);
      expect(await pieces.next()).toEqual({ done: false, value: Buffer.from(word) });
    }
    res.end();
    expect(await pieces.next()).toEqual({ done: true, value: undefined });
    expect(await pieces.next()).toEqual({ done: true, value: undefined });
  });

  test("answers reads that were asked for together, in order", async () => {
    const { pieces, res } = await openStream();
    const reads = [pieces.next(), pieces.next(), pieces.next()];
    res.write("one");
    await reads[0];
    res.end("two");
    const values = (await Promise.all(reads)).map(({ value }) => value && Buffer.from(value).toString());
    expect(values).toEqual(["one", "two", undefined]);
  });

  test("hands on in one piece what arrived in one read", async () => {
    const chunk = "data: {}\n\n";
    const wire = `${chunk.length.toString(16)}\r\n${chunk}\r\n`;
    let burst: () => void = () => {};
    const upstream = await rawUpstream((socket) => {
      socket.write(`${STREAM_HEAD}transfer-encoding: chunked\r\n\r\n${wire}`);
      burst = () => socket.write(wire.repeat(50));
    });
    const pieces = piecesOf(await engineFor(upstream.url).forward(request, contextFor()));
    await pieces.next();
    const waiting = pieces.next();
    burst();
    expect(Buffer.from((await waiting).value ?? "").toString()).toBe(chunk.repeat(50));
    await pieces.return?.();
  });

  test("is held back when its reader is slow", async () => {
    const size = 64 * 1024 * 1024;
    const block = Buffer.alloc(65_536, "x");
    const upstream = await httpUpstream(async (_, res) => {
      res.writeHead(200, EVENT_STREAM);
      for (let sent = 0; sent < size; sent += block.length) if (!res.write(block)) await once(res, "drain");
      res.end();
    });
    const pieces = piecesOf(await engineFor(upstream.url).forward(request, contextFor()));
    let received = 0;
    let largest = 0;
    for (let one = await pieces.next(); !one.done; one = await pieces.next()) {
      received += one.value.length;
      largest = Math.max(largest, one.value.length);
      // While the reader is away, an upstream that is not held back would send megabytes.
      for (let turns = 0; turns < 10; turns++) await turn();
    }
    expect(received).toBe(size);
    expect(largest).toBeLessThanOrEqual(2 * 65_536 + 65_536);
  });

  test("hangs up when its reader leaves, also while a read is waiting", async () => {
    for (const waits of [false, true]) {
      const { pieces, res } = await openStream();
      const closed = once(res, "close");
      const read = waits ? pieces.next() : null;
      expect(await pieces.return?.()).toEqual({ done: true, value: undefined });
      await closed;
      if (read) expect(await read).toEqual({ done: true, value: undefined });
      expect(await pieces.next()).toEqual({ done: true, value: undefined });
    }
  });

  test("ends once: leaving after the end does nothing", async () => {
    const { pieces, res, engine, upstream } = await openStream();
    res.end("x");
    while (!(await pieces.next()).done);
    await pieces.return?.();
    const again = engine.forward(request, contextFor());
    await again;
    expect(upstream.sockets.every((socket) => !socket.destroyed)).toBe(true);
  });
});

describe("a stream that breaks off", () => {
  const chunk = "5\r\nhello\r\n";
  const brokenOff = { name: "ApiError", status: 502, code: "engine_error" };

  test.each<[string, string, "reset" | "end"]>([
    ["reset in the middle", `transfer-encoding: chunked\r\n\r\n${chunk}`, "reset"],
    ["closed before its last chunk", `transfer-encoding: chunked\r\n\r\n${chunk}`, "end"],
    [
      "closed before its last chunk, on a connection that was to close",
      `connection: close\r\ntransfer-encoding: chunked\r\n\r\n${chunk}`,
      "end",
    ],
    ["shorter than announced", "content-length: 100\r\n\r\nhello", "end"],
  ])("is an error after what arrived: %s", async (_, rest, how) => {
    let hangUp: () => void = () => {};
    const upstream = await rawUpstream((socket) => {
      socket.write(STREAM_HEAD + rest);
      hangUp = () => (how === "reset" ? socket.resetAndDestroy() : socket.end());
    });
    const pieces = piecesOf(await engineFor(upstream.url, { maxRetries: 2 }).forward(request, contextFor()));
    expect(Buffer.from((await pieces.next()).value ?? "").toString()).toBe("hello");
    hangUp();
    await expect(pieces.next()).rejects.toMatchObject(brokenOff);
    expect((await pieces.next()).done).toBe(true);
    expect(upstream.sockets).toHaveLength(1);
  });

  test("is an error when its chunks are garbage", async () => {
    const upstream = await rawUpstream((socket) => {
      socket.write(`${STREAM_HEAD}transfer-encoding: chunked\r\n\r\nzzz\r\n`);
    });
    const reply = engineFor(upstream.url).forward(request, contextFor()).then(streamed);
    await expect(reply).rejects.toMatchObject({ ...brokenOff, message: "The upstream's reply is not valid HTTP." });
  });

  test("is an error when it falls silent", async () => {
    const { pieces, res } = await openStream({ idleTimeoutMs: 50 });
    const closed = once(res, "close");
    await expect(pieces.next()).rejects.toMatchObject({ status: 504, code: "engine_timeout" });
    await closed;
  });

  test("is whole when it ends with the connection, as HTTP/1.0 has it", async () => {
    const upstream = await rawUpstream((socket) => {
      socket.end(`${STREAM_HEAD}connection: close\r\n\r\ndata: [DONE]\n\n`);
    });
    expect(await streamed(await engineFor(upstream.url).forward(request, contextFor()))).toBe("data: [DONE]\n\n");
  });
});
