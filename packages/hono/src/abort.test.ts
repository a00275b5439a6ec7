import { type ClientRequest, request } from "node:http";
import { Hono } from "hono";
import { cors } from "hono/cors";
import { describe, expect, it } from "vitest";
import { outlet } from "./index.ts";
import { ask, headers, KEY, listen, quiet, settlements, slowModel } from "./test-support.ts";

const ways: [string, { raw: boolean; parsed: boolean }][] = [
  ["with streams written by Node", { raw: true, parsed: false }],
  ["with web streams", { raw: false, parsed: false }],
  ["with the body read in front", { raw: true, parsed: true }],
];

describe.each(ways)("a client that leaves, %s", (_way, { raw, parsed }) => {
  async function start(more: object, speaksFirst = true, head: Record<string, string> = {}) {
    const model = slowModel(speaksFirst);
    const { onSettle, settled } = settlements();
    const app = new Hono();
    app.use(cors());
    app.use(async (c, next) => {
      if (parsed) await c.req.json();
      await next();
    });
    app.route("/v1", outlet({ models: { slow: model.engine }, keys: [KEY], onSettle, logger: quiet, raw }));
    const url = `${await listen(app)}/v1/chat/completions`;
    const req: ClientRequest = request(url, { method: "POST", headers: { ...headers, ...head } });
    req.on("error", () => {});
    req.write(JSON.stringify(ask("hi", { model: "slow", ...more })));
    return { ...model, settled, req };
  }

  it.each([
    ["before a whole answer", { stream: false }, true],
    ["before the first piece", { stream: true }, false],
  ])("stops the engine: %s", async (_phase, more, speaksFirst) => {
    const { req, started, aborted, settled } = await start(more, speaksFirst);
    req.end();
    await started;
    req.destroy();
    await aborted;
    expect(await settled).toMatchObject({ outcome: "cancelled", status: 499 });
  });

  it("stops the engine: in the middle of a stream", async () => {
    const { req, aborted, settled } = await start({ stream: true });
    req.end();
    req.on("response", (res) => res.once("data", () => req.destroy()));
    await aborted;
    expect(await settled).toMatchObject({ outcome: "cancelled", status: 200 });
  });

  it.skipIf(parsed)("never reaches the engine: in the middle of its body", async () => {
    const { req, started, settled } = await start({}, true, { "content-length": "1000" });
    req.on("socket", (socket) => socket.once("connect", () => setImmediate(() => req.destroy())));
    expect(await settled).toMatchObject({ outcome: "cancelled", status: 499, usage: null });
    expect(await Promise.race([started, "not reached"])).toBe("not reached");
  });
});

it("stops the engine in process: by the request's signal, and by cancelling the response's body", async () => {
  for (const how of ["signal", "cancel"]) {
    const { engine, aborted } = slowModel();
    const app = new Hono().route("/v1", outlet({ models: { slow: engine }, access: "open", logger: quiet }));
    const controller = new AbortController();
    const response = await app.request("/v1/chat/completions", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(ask("hi", { model: "slow", stream: true })),
      signal: controller.signal,
    });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    if (how === "signal") controller.abort();
    else await reader.cancel();
    await aborted;
  }
});

it.each([{}, { "content-length": "1000" }])(
  "takes a body that breaks off for a client that has left (%o)",
  async (head) => {
    const { onSettle, settled } = settlements();
    const app = new Hono().route(
      "/v1",
      outlet({ models: { slow: slowModel().engine }, access: "open", onSettle, logger: quiet }),
    );
    await app.request("/v1/chat/completions", {
      method: "POST",
      headers: { "content-type": "application/json", ...head },
      body: new ReadableStream({ start: (controller) => controller.error(new Error("reset")) }),
      duplex: "half",
    } as RequestInit);
    expect(await settled).toMatchObject({ status: 499 });
  },
);
