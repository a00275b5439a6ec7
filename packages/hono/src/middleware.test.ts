import { gzipSync } from "node:zlib";
import { ApiError, createOutlet, webExchange, webResponse } from "@outlet/core";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { compress } from "hono/compress";
import { cors } from "hono/cors";
import { etag } from "hono/etag";
import { HTTPException } from "hono/http-exception";
import { logger } from "hono/logger";
import { secureHeaders } from "hono/secure-headers";
import { timeout } from "hono/timeout";
import { timing } from "hono/timing";
import { trimTrailingSlash } from "hono/trailing-slash";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { outlet } from "./index.ts";
import {
  ask,
  contentOf,
  echo,
  errorOf,
  headers,
  KEY,
  listen,
  post,
  quiet,
  readUntil,
  slowModel,
} from "./test-support.ts";

const options = { models: { echo }, keys: [KEY], logger: quiet };

const ways: [string, boolean][] = [
  ["with streams written by Node", true],
  ["with web streams", false],
];

// @hono/node-server reports what it cannot write on the console: nothing may end up there.
const complaints = vi.fn();
beforeEach(() => void vi.spyOn(console, "error").mockImplementation(complaints));
afterEach(() => {
  vi.restoreAllMocks();
  expect(complaints.mock.calls).toEqual([]);
  complaints.mockClear();
});

describe.each(ways)("behind Hono's middleware, %s", (_way, raw) => {
  const behind = async (...middleware: MiddlewareHandler[]) => {
    const app = new Hono();
    for (const one of middleware) app.use(one);
    app.route("/v1", outlet({ ...options, raw }));
    return `${await listen(app)}/v1`;
  };

  it.each([false, true])("keeps what middleware does to the headers, before and after (stream: %s)", async (stream) => {
    const lines: string[] = [];
    const base = await behind(
      logger((line) => lines.push(line)),
      timing(),
      secureHeaders(),
      cors({ origin: "https://app.example", exposeHeaders: ["x-request-id"] }),
      async (c, next) => {
        c.header("set-cookie", "a=1", { append: true });
        c.header("x-before", "yes");
        await next();
        c.header("set-cookie", "b=2", { append: true });
        c.header("x-after", "yes");
        c.res.headers.set("x-status", String(c.res.status));
      },
    );
    const response = await post(base, ask("hi there", { stream }), {
      headers: { ...headers, origin: "https://app.example" },
    });
    const text = await response.text();
    expect(text).toContain(stream ? "data: [DONE]" : "hi there");
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "access-control-allow-origin": "https://app.example",
      "access-control-expose-headers": "x-request-id",
      vary: "Origin",
      "x-frame-options": "SAMEORIGIN",
      "server-timing": expect.stringContaining("total"),
      "x-before": "yes",
      "x-after": "yes",
      "x-status": "200",
      "x-request-id": expect.stringMatching(/^req_/),
    });
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(response.headers.get("x-hono-already-sent")).toBeNull();
    expect(lines.at(-1)).toContain("200");
  });

  it("lets cors() answer the preflight", async () => {
    const base = await behind(cors());
    const response = await fetch(`${base}/chat/completions`, {
      method: "OPTIONS",
      headers: { origin: "https://app.example", "access-control-request-method": "POST" },
    });
    expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([204, "*"]);
  });

  it("compresses whole answers, and streams them unbuffered, behind compress()", async () => {
    const { engine, goOn } = slowModel();
    const app = new Hono().use(compress(), etag());
    app.route("/v1", outlet({ ...options, models: { slow: engine, echo }, raw }));
    const base = `${await listen(app)}/v1`;
    const gzip = { headers: { ...headers, "accept-encoding": "gzip" } };

    const long = "word ".repeat(1000);
    const whole = await post(base, ask(long), gzip);
    expect(whole.headers.get("content-encoding")).toBe("gzip");
    expect(await contentOf(whole)).toBe(long);

    const response = await post(base, ask("hi", { model: "slow", stream: true }), gzip);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let text = await readUntil(reader, '"one "');
    expect(text).not.toContain('"two"');
    expect(response.headers.get("content-encoding")).toBeNull();
    goOn();
    text += await readUntil(reader, "[DONE]");
    expect(text).toContain('"two"');
    expect((await reader.read()).done).toBe(true);
  });

  it("answers with an etag, and 304 where it matches", async () => {
    const base = await behind(etag());
    const first = await fetch(`${base}/models`, { headers });
    const tag = first.headers.get("etag") ?? "";
    expect(tag).not.toBe("");
    const second = await fetch(`${base}/models`, { headers: { ...headers, "if-none-match": tag } });
    expect(second.status).toBe(304);
  });

  const reading =
    (read: (c: Context) => Promise<unknown>): MiddlewareHandler =>
    async (c, next) => {
      await read(c);
      await next();
    };

  it.each<[string, MiddlewareHandler]>([
    ["json()", reading((c) => c.req.json())],
    ["text()", reading((c) => c.req.text())],
    ["arrayBuffer()", reading((c) => c.req.arrayBuffer())],
    ["a clone", reading((c) => c.req.raw.clone().text())],
    ["bodyLimit()", bodyLimit({ maxSize: 1_000_000 })],
  ])("answers when the body was read in front: %s", async (_how, middleware) => {
    const base = await behind(middleware);
    for (const stream of [false, true]) {
      const response = await post(base, ask("grüezi mitenand", { stream }));
      expect(response.status).toBe(200);
      expect(await response.text()).toContain("grüezi");
    }
    const inPieces = new ReadableStream({
      start(controller) {
        for (const piece of JSON.stringify(ask("in pieces")).match(/.{1,20}/g) ?? []) {
          controller.enqueue(new TextEncoder().encode(piece));
        }
        controller.close();
      },
    });
    expect(await contentOf(await post(base, "", { body: inPieces, duplex: "half" } as RequestInit))).toBe("in pieces");
  });

  it.each<[string, (c: Context) => Promise<unknown>]>([
    ["json()", (c) => c.req.json().catch(() => {})],
    ["arrayBuffer()", (c) => c.req.arrayBuffer()],
  ])("holds a body that was read in front to the same rules: %s", async (_how, read) => {
    const app = new Hono().use(reading(read)).route("/v1", outlet({ ...options, raw, maxBodyBytes: 1000 }));
    const base = `${await listen(app)}/v1`;
    const body = new Blob([JSON.stringify(ask("x".repeat(2000)))]).stream();
    const unannounced = await post(base, "", { body, duplex: "half" } as RequestInit);
    expect([unannounced.status, (await errorOf(unannounced)).code]).toEqual([413, "request_too_large"]);
    const encoded = await post(base, "", {
      body: gzipSync(JSON.stringify(ask("hi"))),
      headers: { ...headers, "content-encoding": "gzip" },
    });
    expect(encoded.status).toBe(415);
  });

  it("says that it is the server's fault when the body was read and not kept", async () => {
    const base = await behind(reading((c) => c.req.raw.text()));
    const response = await post(base, ask("hi"));
    expect([response.status, (await errorOf(response)).type]).toEqual([500, "server_error"]);
  });

  it("refuses a body that is too large, announced or not", async () => {
    const app = new Hono().route("/v1", outlet({ ...options, raw, maxBodyBytes: 1000 }));
    const base = `${await listen(app)}/v1`;
    const long = ask("x".repeat(2000));
    const announced = await post(base, long);
    expect([announced.status, (await errorOf(announced)).code]).toEqual([413, "request_too_large"]);
    const body = new Blob([JSON.stringify(long)]).stream();
    const unannounced = await post(base, "", { body, duplex: "half" } as RequestInit);
    expect([unannounced.status, (await errorOf(unannounced)).code]).toEqual([413, "request_too_large"]);
  });

  it("leaves refusals of other middleware to the app", async () => {
    const app = new Hono();
    app.use("/v1/*", async () => {
      throw new HTTPException(402, { message: "The plan has ended." });
    });
    app.route("/v1", outlet({ ...options, raw }));
    const response = await post(`${await listen(app)}/v1`, ask("hi"));
    expect([response.status, await response.text()]).toEqual([402, "The plan has ended."]);
  });

  it("lets an app around it answer its guards' refusals in the envelope", async () => {
    const core = createOutlet(options);
    const api = new Hono();
    api.onError(async (error, c) => {
      const { status, message } = error as HTTPException;
      const exchange = webExchange(c.req.raw);
      const refusal = new ApiError({ status, type: "invalid_request_error", message });
      return webResponse(await core.refuse(exchange, refusal), exchange);
    });
    api.use(async (c, next) => {
      if (c.req.header("x-plan") === "ended") throw new HTTPException(402, { message: "The plan has ended." });
      await next();
    });
    api.route("/", outlet(core, { raw }));
    const base = `${await listen(new Hono().route("/v1", api))}/v1`;
    const refused = await post(base, ask("hi"), { headers: { ...headers, "x-plan": "ended" } });
    expect([refused.status, (await errorOf(refused)).message]).toEqual([402, "The plan has ended."]);
    const stream = await post(base, ask("hi", { stream: true }));
    expect([stream.status, (await stream.text()).endsWith("data: [DONE]\n\n")]).toEqual([200, true]);
  });

  it("lets middleware put another response in its place", async () => {
    const { engine, aborted } = slowModel();
    const app = new Hono();
    app.use(trimTrailingSlash(), async (c, next) => {
      await next();
      if (!c.res.headers.get("content-type")?.startsWith("text/event-stream")) return;
      c.res = undefined;
      c.res = new Response("no streams here", { status: 409 });
    });
    app.route("/v1", outlet({ ...options, models: { slow: engine }, raw }));
    const base = `${await listen(app)}/v1`;
    const response = await post(base, ask("hi", { model: "slow", stream: true }));
    expect([response.status, await response.text()]).toEqual([409, "no streams here"]);
    if (raw) await aborted;
    const redirected = await fetch(`${base}/models/`, { headers, redirect: "manual" });
    expect([redirected.status, redirected.headers.get("location")]).toEqual([301, `${base}/models`]);
  });

  it("lets timeout() answer while the model thinks, and stops the model", async () => {
    const { engine, aborted } = slowModel(false);
    const app = new Hono();
    app.use(timeout(5));
    app.route("/v1", outlet({ ...options, models: { slow: engine }, raw }));
    const response = await post(`${await listen(app)}/v1`, ask("hi", { model: "slow", stream: true }));
    expect([response.status, await response.text()]).toEqual([504, "Gateway Timeout"]);
    await aborted;
  });

  it("streams to a request that a handler makes inside its own", async () => {
    const app = new Hono();
    app.route("/v1", outlet({ ...options, raw }));
    app.get("/inner", async (c) => {
      const inner = await app.request(
        "/v1/chat/completions",
        { method: "POST", headers, body: JSON.stringify(ask("inner", { stream: true })) },
        c.env,
      );
      return c.json({ stream: await inner.text() });
    });
    const response = await fetch(`${await listen(app)}/inner`);
    const { stream } = (await response.json()) as { stream: string };
    expect(stream).toContain('"inner"');
    expect(stream).toContain("[DONE]");
  });
});
