import { once } from "node:events";
import http from "node:http";
import net, { type AddressInfo } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { defineModel } from "../engine/define-model.ts";
import type { ModelFunctions } from "../engine/model-functions.ts";
import type { OutletOptions } from "../options.ts";
import { ask, dataOf, testOutlet } from "../test-support.ts";
import { handleNodeRequest, nodeListener } from "./handler.ts";

const servers: http.Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
});

async function listen(
  chat: NonNullable<ModelFunctions["chat"]>,
  options: Partial<OutletOptions> = {},
  listener?: typeof nodeListener,
) {
  const made = testOutlet({ models: { m: defineModel(chat) }, ...options });
  const server = http.createServer((listener ?? nodeListener)(made.outlet)).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const post = (body: unknown, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: typeof body === "string" ? body : JSON.stringify(body),
      ...init,
    });
  return { ...made, post, port };
}

/** Opens a socket, sends a chat request by hand and gives the socket. */
function dial(port: number, body: string, length = Buffer.byteLength(body)): net.Socket {
  const socket = net.connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${body}`,
  );
  return socket;
}

describe("a client that leaves stops the engine", () => {
  test.each([
    ["before the answer", false, []],
    ["before the first token", true, []],
    ["in mid-stream", true, ["one ", "two "]],
  ])("%s", async (_name, stream, spoken: string[]) => {
    const begun = Promise.withResolvers<void>();
    const stopped = Promise.withResolvers<string>();
    const { port, settled } = await listen(async function* ({ signal }) {
      try {
        yield* spoken;
        begun.resolve();
        await once(signal, "abort");
        stopped.resolve("signal");
      } finally {
        stopped.resolve("return");
      }
    });
    const socket = dial(port, JSON.stringify(ask("x", { stream })));
    await begun.promise;
    if (spoken.length > 0) await once(socket, "data");
    socket.destroy();
    expect(await stopped.promise).toBe("signal");
    await new Promise(setImmediate);
    expect(settled[0]).toMatchObject({ outcome: "cancelled" });
    expect(settled[0]?.usage?.output_tokens).toBe(spoken.length);
  });

  test("while it reads too slowly to take more", async () => {
    const stopped = Promise.withResolvers<number>();
    const { port } = await listen(async function* () {
      let sent = 0;
      try {
        for (; ; sent++) yield "x".repeat(65_536);
      } finally {
        stopped.resolve(sent);
      }
    });
    const socket = dial(port, JSON.stringify(ask("x", { stream: true })));
    await once(socket, "readable");
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    // Backpressure held the engine: it made what buffers hold, not what 50 ms allow.
    expect((await stopped.promise) * 65_536).toBeLessThan(32 * 1024 * 1024);
  });

  test("while it still sends its request: no engine is asked", async () => {
    let asked = false;
    const { port, settled } = await listen(() => {
      asked = true;
      return "hi";
    });
    const settledOnce = Promise.withResolvers<void>();
    const push = settled.push.bind(settled);
    settled.push = (...calls) => {
      settledOnce.resolve();
      return push(...calls);
    };
    const socket = dial(port, '{"model":"m","mess', 1000);
    await once(socket, "connect");
    await new Promise(setImmediate);
    socket.destroy();
    await settledOnce.promise;
    expect(settled[0]).toMatchObject({ outcome: "cancelled", usage: null });
    expect(asked).toBe(false);
  });
});

describe("bodies", () => {
  test("over the limit are refused in the envelope, announced or not", async () => {
    const { post } = await listen(() => "hi", { maxBodyBytes: 1_000_000 });
    const announced = await post(`"${"x".repeat(8_000_000)}"`);
    expect([announced.status, (await announced.json()).error.code]).toEqual([413, "request_too_large"]);
    const blocks = async function* () {
      for (let i = 0; i < 100; i++) yield Buffer.alloc(65_536, "x");
    };
    const chunked = await post("", { body: blocks() as never, duplex: "half" } as RequestInit);
    expect([chunked.status, (await chunked.json()).error.code]).toEqual([413, "request_too_large"]);
  });

  test("that nobody reads do not cost the connection", async () => {
    const { port } = await listen(() => "hi", { keys: ["sk-x"] });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const sockets = new Set<unknown>();
    for (let i = 0; i < 3; i++) {
      const req = http.request({
        port,
        agent,
        method: "POST",
        path: "/v1/chat/completions",
        headers: { "content-type": "application/json" },
      });
      req.end(JSON.stringify(ask("x".repeat(300_000))));
      const [res] = (await once(req, "response")) as [http.IncomingMessage];
      sockets.add(res.socket);
      expect(res.statusCode).toBe(401);
      await once(res.resume(), "end");
    }
    agent.destroy();
    expect(sockets.size).toBe(1);
  });

  test.each([
    ["an object", (body: string) => JSON.parse(body)],
    ["bytes", (body: string) => Buffer.from(body)],
    ["text", (body: string) => body],
  ])("that a parser in front left as %s are taken from it", async (_name, parse) => {
    const { post } = await listen(
      ({ messages }) => String(messages[0]?.content),
      {},
      (outlet) => async (req, res) => {
        const chunks: Uint8Array[] = [];
        for await (const chunk of req) chunks.push(chunk);
        req.body = parse(Buffer.concat(chunks).toString());
        await handleNodeRequest(outlet, req, res);
      },
    );
    expect((await (await post(ask("héllo"))).json()).choices[0].message.content).toBe("héllo");
  });

  test("that a parser in front took and threw away are a 500 that the log explains", async () => {
    const { post, logged } = await listen(
      () => "hi",
      {},
      (outlet) => async (req, res) => {
        for await (const _ of req);
        await handleNodeRequest(outlet, req, res);
      },
    );
    expect((await post(ask("x"))).status).toBe(500);
    expect(String(logged[0]?.details.err?.cause)).toContain("consumed the request body");
  });
});

describe("replies", () => {
  test("keep the headers that the host has set", async () => {
    const { post } = await listen(
      () => "hi",
      {},
      (outlet) => (req, res) => {
        (res as http.ServerResponse).setHeader("access-control-allow-origin", "*");
        void handleNodeRequest(outlet, req, res);
      },
    );
    const reply = await post(ask("x"));
    expect(reply.headers.get("access-control-allow-origin")).toBe("*");
    expect(reply.headers.get("x-request-id")).toMatch(/^req_[0-9a-f]{32}$/);
  });

  test("whose head cannot be written end the connection, and nothing else", async () => {
    const { post } = await listen(
      () => "hi",
      {},
      (outlet) => (req, res) => {
        res.writeHead = () => {
          throw new TypeError("Invalid character in header content");
        };
        nodeListener(outlet)(req, res);
      },
    );
    await expect(post(ask("x"))).rejects.toThrow("fetch failed");
    await expect(post(ask("x", { stream: true }))).rejects.toThrow("fetch failed");
  });

  test("made in one tick are written at once, head and all", async () => {
    const writes = vi.fn();
    const { post } = await listen(
      () => "hi",
      {},
      (outlet) => (req, res) => {
        const { socket } = req as http.IncomingMessage;
        for (const method of ["_write", "_writev"] as const) {
          const write = socket[method] as (...args: unknown[]) => void;
          socket[method] = (...args: unknown[]) => {
            writes();
            write.apply(socket, args);
          };
        }
        nodeListener(outlet)(req, res);
      },
    );
    const reply = await post(ask("x", { stream: true }));
    expect(dataOf(await reply.text()).at(-1)).toBe("[DONE]");
    expect(writes).toHaveBeenCalledTimes(1);
  });

  test("whose first piece is late send their head without it", async () => {
    const gate = Promise.withResolvers<void>();
    async function* late() {
      await gate.promise;
      yield "late";
    }
    const handle = async () => ({ status: 200, headers: { "x-head": "here" }, body: late() });
    const { post } = await listen(
      () => "hi",
      {},
      () => nodeListener({ handle }),
    );
    const reply = await post(ask("x"));
    expect(reply.headers.get("x-head")).toBe("here");
    gate.resolve();
    expect(await reply.text()).toBe("late");
  });

  test("stream each piece as it is made", async () => {
    const gate = Promise.withResolvers<void>();
    const { post } = await listen(async function* () {
      yield "first";
      await gate.promise;
      yield "second";
    });
    const reply = await post(ask("x", { stream: true }));
    const reader = (reply.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream() as never).getReader();
    let text = "";
    while (!text.includes("first")) text += (await reader.read()).value;
    expect(text).not.toContain("second");
    gate.resolve();
    for (let read = await reader.read(); !read.done; read = await reader.read()) text += read.value;
    expect(dataOf(text).at(-1)).toBe("[DONE]");
  });
});
