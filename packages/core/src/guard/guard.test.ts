import { describe, expect, test } from "vitest";
import { defineModel } from "../engine/define-model.ts";
import { webExchange } from "../http/web.ts";
import { createMemoryLedger } from "../ledger/memory-ledger.ts";
import { dollars } from "../ledger/money.ts";
import type { OutletOptions } from "../options.ts";
import { testOutlet } from "../test-support.ts";
import type { Guard, Visit } from "./guard.ts";

const keys = { "sk-ann": { id: "ann", organization: "acme", project: "shop" } };
const ann = { authorization: "Bearer sk-ann" };

function guarded(more: Partial<OutletOptions> = {}) {
  return testOutlet({ models: { m: defineModel(() => "x") }, keys, ...more });
}

const from = (headers: Record<string, string> = {}, signal?: AbortSignal) =>
  webExchange(new Request("http://host/reports", { method: "POST", headers, signal }));

async function letIn(guard: Guard, headers: Record<string, string> = ann): Promise<Visit> {
  const { visit } = await guard(from(headers));
  if (!visit) throw new Error("refused");
  return visit;
}

describe("a guard", () => {
  test("lets in whom the API lets in, and tells who they are", async () => {
    const { outlet, settled } = guarded();
    const visit = await letIn(outlet.guard());
    expect(visit.caller.principal).toEqual(keys["sk-ann"]);
    expect(visit.headers).toMatchObject({
      "x-request-id": visit.caller.requestId,
      "openai-organization": "acme",
      "openai-project": "shop",
    });
    visit.end(200);
    expect(settled).toEqual([]);
  });

  test.each<[string, Record<string, string>]>([
    ["nobody", {}],
    ["a wrong key", { authorization: "Bearer sk-wrong-0123456789" }],
    ["another project", { ...ann, "openai-project": "other" }],
    ["another organization", { ...ann, "openai-organization": "other" }],
  ])("refuses %s in the API's own words", async (_who, headers) => {
    const { outlet, settled } = guarded();
    const { refusal } = await outlet.guard()(from(headers));
    const own = await outlet.fetch("http://outlet/v1/models", { headers });
    expect([refusal?.status, refusal?.body]).toEqual([own.status, await own.text()]);
    expect(refusal?.headers["x-request-id"]).toMatch(/^req_/);
    expect(settled[0]).toMatchObject({ status: 401, outcome: "failed" });
  });

  test("tells project keys from admin keys", async () => {
    const platform = { adminKeys: ["sk-admin-0123456789"] };
    const { outlet } = guarded({ platform });
    const admin = { authorization: "Bearer sk-admin-0123456789" };
    expect((await outlet.guard()(from(admin))).refusal?.status).toBe(401);
    expect((await outlet.guard({ auth: "admin" })(from(ann))).refusal?.status).toBe(401);
    expect((await letIn(outlet.guard({ auth: "admin" }), admin)).caller.principal.admin).toBe(true);
  });

  test("asks the host's authenticate first, as the API does", async () => {
    const { outlet } = guarded({ authenticate: (exchange) => (exchange.header("cookie") ? { id: "bob" } : null) });
    const visit = await letIn(outlet.guard(), { cookie: "bob" });
    expect(visit.caller.principal.id).toBe("bob");
  });

  test("lets nobody in once the outlet was closed", async () => {
    const { outlet } = guarded();
    await outlet.close();
    expect((await outlet.guard()(from(ann))).refusal?.status).toBe(503);
  });

  test("takes no name that is none", () => {
    const { outlet } = guarded();
    expect(() => outlet.guard({ meter: "a b" })).toThrow(TypeError);
    expect(() => outlet.guard({ meter: "" })).toThrow(TypeError);
    expect(() => outlet.guard({ auth: "none" as never })).toThrow(TypeError);
    expect(() => guarded({ limits: { routes: { r: { requestsPerMinute: -1 } } } })).toThrow("limits.routes");
  });
});

describe("a metered route", () => {
  test("has limits of its own, which models and other routes do not share", async () => {
    const limits = { models: { m: { requestsPerDay: 100 } }, routes: { reports: { requestsPerDay: 2 } } };
    const { outlet } = guarded({ limits });
    const guard = outlet.guard({ meter: "reports" });
    expect((await letIn(guard)).headers["x-ratelimit-remaining-requests"]).toBe("1");
    (await letIn(guard)).end(200);
    const { refusal } = await guard(from(ann));
    expect(refusal).toMatchObject({ status: 429, headers: { "retry-after": expect.any(String) } });
    expect(JSON.parse(String(refusal?.body)).error).toMatchObject({ code: "rate_limit_exceeded", type: "requests" });
    expect((await letIn(outlet.guard({ meter: "other" }))).headers).not.toHaveProperty("x-ratelimit-limit-requests");
  });

  test("takes from its tokens what it says that it has used", async () => {
    const { outlet } = guarded({ limits: { routes: { reports: { tokensPerDay: 100 } } } });
    const guard = outlet.guard({ meter: "reports" });
    const first = await letIn(guard);
    first.caller.used({ input_tokens: 60 });
    first.caller.used({ output_tokens: 30 });
    first.end(200);
    expect((await letIn(guard)).headers["x-ratelimit-remaining-tokens"]).toBe("10");
  });

  test("is entered in the ledger, priced, and told of once", async () => {
    const ledger = createMemoryLedger();
    const billing = { prices: { reports: { request: 0.25, input: 1_000 } } };
    const { outlet, settled } = guarded({ ledger, billing });
    const visit = await letIn(outlet.guard({ meter: "reports" }));
    visit.caller.used({ input_tokens: 1_000 });
    visit.end(200);
    visit.end(500);
    visit.caller.used({ input_tokens: 9 });
    expect(settled).toMatchObject([
      {
        operationId: "reports",
        status: 200,
        outcome: "completed",
        usage: { input_tokens: 1_000 },
        cost: dollars(1.25),
      },
    ]);
    await outlet.close();
    expect(await ledger.entries({ limit: 10 })).toMatchObject([
      { operation: "reports", model: "reports", project: "shop", cost: dollars(1.25), outcome: "completed" },
    ]);
  });

  test("that fails, or whose client leaves, costs nothing but what it says", async () => {
    const ledger = createMemoryLedger();
    const { outlet, settled } = guarded({ ledger, billing: { prices: { reports: { request: 0.25, input: 1 } } } });
    const guard = outlet.guard({ meter: "reports" });
    (await letIn(guard)).end(500);
    const told = await letIn(guard);
    told.caller.used({ input_tokens: 1_000_000 });
    told.end(404);
    const exchange = from(ann);
    const { visit } = await guard(exchange);
    exchange.cancel();
    visit?.end(200);
    expect(settled.map(({ outcome, cost }) => [outcome, cost])).toEqual([
      ["failed", null],
      ["failed", dollars(1.25)],
      ["cancelled", null],
    ]);
  });

  test("is held in budgets: of 50 at once, as many get through as there is room for", async () => {
    const ledger = createMemoryLedger();
    await ledger.setBudget({
      id: "b",
      scope: { everyone: true },
      amount: dollars(5),
      period: null,
      hard: true,
      alerts: [],
    });
    const { outlet } = guarded({ ledger, billing: { prices: { reports: { request: 0.5 } } } });
    const guard = outlet.guard({ meter: "reports" });
    const all = await Promise.all(Array.from({ length: 50 }, () => guard(from(ann))));
    expect(all.filter(({ visit }) => visit)).toHaveLength(10);
    const refused = all.find(({ refusal }) => refusal)?.refusal;
    expect([refused?.status, JSON.parse(String(refused?.body)).error.code]).toEqual([429, "insufficient_quota"]);
  });

  test("is waited for when the outlet closes, and told when that is over", async () => {
    const { outlet, settled } = guarded();
    const exchange = from(ann);
    const { visit } = await outlet.guard({ meter: "reports" })(exchange);
    const closing = outlet.close({ graceMs: 60_000 });
    expect(outlet.health()).toMatchObject({ open: false, underWay: 1 });
    visit?.end(200);
    await closing;
    expect(settled).toHaveLength(1);
  });

  test("runs within what observers make active, and they are told of it", async () => {
    const begun: unknown[] = [];
    const ran: string[] = [];
    const observer = {
      begin: ({ operationId }: { operationId: string | null }) => {
        begun.push(operationId);
        return {
          run<Result>(work: () => Result): Result {
            ran.push("run");
            return work();
          },
          end: () => void ran.push("end"),
        };
      },
    };
    const { outlet } = guarded({ observers: [observer] });
    const visit = await letIn(outlet.guard({ meter: "reports" }));
    expect(visit.run(() => "result")).toBe("result");
    visit.end(200);
    expect([begun, ran]).toEqual([["reports"], ["run", "end"]]);
  });
});
