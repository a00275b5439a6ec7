import { createMemoryLedger, dollars } from "@outlet/core";
import { type Context, Hono } from "hono";
import { stream } from "hono/streaming";
import { describe, expect, expectTypeOf, it } from "vitest";
import { outlet, outletGuard } from "./index.ts";
import { echo, errorOf, headers, KEY, listen, quiet, settlements } from "./test-support.ts";

const models = { echo };
const keys = { [KEY]: { id: "machine", organization: "acme", project: "shop" } };

/** Over a socket, and in process as other runtimes answer. */
const ways: [string, (app: Hono) => Promise<(path: string, init?: RequestInit) => Promise<Response>>][] = [
  [
    "@hono/node-server",
    async (app) => {
      const base = await listen(app);
      return (path, init) => fetch(base + path, init);
    },
  ],
  ["a web runtime", async (app) => async (path, init) => app.request(`http://host${path}`, init)],
];

describe.each(ways)("outletGuard() on %s", (_name, serving) => {
  it("sets c.var.outlet for whom the API lets in, by a key or the host's own word", async () => {
    const api = outlet({
      models,
      keys,
      authenticate: (c: Context) => (c.req.header("cookie") === "session=ana" ? { id: "ana" } : null),
    });
    const app = new Hono().get("/page", outletGuard(api), (c) => {
      expectTypeOf(c.var.outlet.principal.id).toEqualTypeOf<string>();
      return c.json(c.var.outlet.principal.id);
    });
    const send = await serving(app);
    expect(await (await send("/page", { headers: { cookie: "session=ana" } })).json()).toBe("ana");
    const reply = await send("/page", { headers });
    expect([await reply.json(), reply.headers.get("openai-project")]).toEqual(["machine", "shop"]);
    expect(reply.headers.get("x-request-id")).toMatch(/^req_/);
  });

  it("answers strangers as the API does, and asks no handler behind it", async () => {
    const api = outlet({ models, keys, logger: quiet });
    let asked = 0;
    const app = new Hono().route("/v1", api).get("/own", outletGuard(api), (c) => {
      asked += 1;
      return c.text("");
    });
    const send = await serving(app);
    const wrong = { authorization: "Bearer sk-wrong-0123456789" };
    const own = await send("/own", { headers: wrong });
    const api401 = await send("/v1/models", { headers: wrong });
    expect([own.status, await own.json()]).toEqual([api401.status, await api401.json()]);
    expect(asked).toBe(0);
  });

  it("limits a metered route, and settles it when its reply is out", async () => {
    const { onSettle, settled } = settlements();
    const api = outlet({
      models,
      keys,
      onSettle,
      ledger: createMemoryLedger(),
      billing: { prices: { reports: { request: 0.5, output: 1 } } },
      limits: { routes: { reports: { requestsPerDay: 1 } } },
    });
    const app = new Hono().post("/reports", outletGuard(api, { meter: "reports" }), async (c) => {
      const body = await c.req.json();
      return stream(c, async (out) => {
        await out.write(JSON.stringify(body));
        c.var.outlet.used({ output_tokens: 500_000 });
      });
    });
    const send = await serving(app);
    const post = () => send("/reports", { method: "POST", headers, body: '{"a":1}' });
    const first = await post();
    expect([first.status, first.headers.get("x-ratelimit-remaining-requests")]).toEqual([200, "0"]);
    expect(await first.json()).toEqual({ a: 1 });
    expect(await settled).toMatchObject({
      operationId: "reports",
      status: 200,
      outcome: "completed",
      cost: dollars(1),
    });
    const second = await post();
    expect([second.status, (await errorOf(second)).code]).toEqual([429, "rate_limit_exceeded"]);
  });

  it("tells of a client that leaves in the middle of a metered reply", async () => {
    const { onSettle, settled } = settlements();
    const api = outlet({ models, keys, onSettle });
    const app = new Hono().get("/long", outletGuard(api, { meter: "long" }), () => {
      const body = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode("one")) });
      return new Response(body);
    });
    const send = await serving(app);
    const reader = (await send("/long", { headers })).body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect(await settled).toMatchObject({ operationId: "long", outcome: "cancelled" });
  });

  it("tells of a route that throws, whatever the app makes of it", async () => {
    const { onSettle, settled } = settlements();
    const api = outlet({ models, keys, onSettle, logger: quiet });
    const app = new Hono().get("/page", outletGuard(api, { meter: "page" }), () => {
      throw new Error("broken");
    });
    app.onError((_error, c) => c.text("teapot", 418));
    const reply = await (await serving(app))("/page", { headers });
    expect([reply.status, await reply.text()]).toEqual([418, "teapot"]);
    expect(await settled).toMatchObject({ operationId: "page", status: 418, outcome: "failed" });
  });
});
