import { createMemoryLedger, dollars } from "@outlet/core";
import type { Request } from "express";
import { describe, expect, it } from "vitest";
import { outlet, outletGuard } from "./index.ts";
import { echo, errorOf, headers, KEY, listen, majors, quiet, settlements } from "./test-support.ts";

const models = { echo };
const keys = { [KEY]: { id: "machine", organization: "acme", project: "shop" } };

describe.each(majors)("outletGuard() on %s", (_name, express) => {
  it("puts req.outlet on requests of whom the API lets in, by a key or the host's session", async () => {
    const api = outlet({
      models,
      keys,
      authenticate: (req) => (req.headers.cookie === "session=ana" ? { id: "ana" } : null),
    });
    const app = express();
    app.get("/page", outletGuard(api), (req: Request, res) => {
      res.json([req.outlet.principal.id, req.outlet.requestId === res.get("x-request-id")]);
    });
    const base = await listen(app);
    const senders: Record<string, string>[] = [{ cookie: "session=ana" }, headers];
    const answers = await Promise.all(
      senders.map(async (sent) => (await fetch(`${base}/page`, { headers: sent })).json()),
    );
    expect(answers).toEqual([
      ["ana", true],
      ["machine", true],
    ]);
    expect((await fetch(`${base}/page`, { headers })).headers.get("openai-project")).toBe("shop");
  });

  it("answers strangers as the API does, and asks no handler behind it", async () => {
    const api = outlet({ models, keys, logger: quiet });
    const app = express();
    let asked = 0;
    app.use("/v1", api);
    app.use("/own", outletGuard(api), (_req, res) => {
      asked += 1;
      res.end();
    });
    const base = await listen(app);
    const wrong = { authorization: "Bearer sk-wrong-0123456789" };
    const own = await fetch(`${base}/own`, { headers: wrong });
    const api401 = await fetch(`${base}/v1/models`, { headers: wrong });
    expect([own.status, await own.json()]).toEqual([api401.status, await api401.json()]);
    expect(own.headers.get("x-request-id")).toMatch(/^req_/);
    expect(asked).toBe(0);
  });

  it("limits a metered route, and settles it when its reply is out", async () => {
    const ledger = createMemoryLedger();
    const { onSettle, settled } = settlements();
    const api = outlet({
      models,
      keys,
      ledger,
      onSettle,
      billing: { prices: { reports: { request: 0.5, output: 1 } } },
      limits: { routes: { reports: { requestsPerDay: 1 } } },
    });
    const app = express();
    app.use(express.json());
    app.post("/reports", outletGuard(api, { meter: "reports" }), (req: Request, res) => {
      req.outlet.used({ output_tokens: 500_000 });
      res.status(201).json(req.body);
    });
    const base = await listen(app);
    const post = () => fetch(`${base}/reports`, { method: "POST", headers, body: '{"a":1}' });
    const first = await post();
    expect([first.status, first.headers.get("x-ratelimit-remaining-requests")]).toEqual([201, "0"]);
    expect(await first.json()).toEqual({ a: 1 });
    expect(await settled).toMatchObject({ operationId: "reports", status: 201, cost: dollars(1) });
    const second = await post();
    expect([second.status, (await errorOf(second)).code]).toEqual([429, "rate_limit_exceeded"]);
  });

  it("tells of a client that leaves in the middle of a metered reply", async () => {
    const { onSettle, settled } = settlements();
    const api = outlet({ models, keys, onSettle });
    const app = express();
    app.get("/long", outletGuard(api, { meter: "long" }), (_req, res) => void res.write("one"));
    const leaving = new AbortController();
    const reply = await fetch(`${await listen(app)}/long`, { headers, signal: leaving.signal });
    await reply.body?.getReader().read();
    leaving.abort();
    expect(await settled).toMatchObject({ operationId: "long", outcome: "cancelled" });
  });

  it("leaves the host's own request id, and its errors to the host", async () => {
    const api = outlet({ models, keys, logger: quiet });
    const app = express();
    app.use((_req, res, next) => {
      res.setHeader("x-request-id", "mine");
      next();
    });
    app.get("/page", outletGuard(api, { meter: "page" }), () => {
      throw Object.assign(new Error("teapot"), { status: 418 });
    });
    app.use(
      ((error, _req, res, _next) =>
        void res.status(error.status).end(error.message)) as import("express").ErrorRequestHandler,
    );
    const reply = await fetch(`${await listen(app)}/page`, { headers });
    expect([reply.status, await reply.text(), reply.headers.get("x-request-id")]).toEqual([418, "teapot", "mine"]);
  });
});
