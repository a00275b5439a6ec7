import { describe, expect, test } from "vitest";
import { defineModel } from "../engine/define-model.ts";
import type { Engine } from "../engine/engine.ts";
import type { OutletOptions } from "../options.ts";
import { ask, chunksOf, forwardEngine, testOutlet } from "../test-support.ts";
import type { SpendAlert } from "./budget.ts";
import type { Ledger } from "./ledger.ts";
import { createMemoryLedger } from "./memory-ledger.ts";
import { dollars } from "./money.ts";

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const usage = { prompt_tokens: 1000, completion_tokens: 500, total_tokens: 1500 };
const upstream = forwardEngine({ status: 200, headers: {}, body: bytes({ id: "c", choices: [], usage }) });
const prices = { m: { input: 1, output: 2 } };

function billed(engine: Engine, options: Partial<OutletOptions> = {}) {
  const ledger = createMemoryLedger();
  const outlet = testOutlet({ models: { m: engine }, ledger, billing: { prices }, ...options });
  const entries = () => ledger.entries({ limit: 1000 });
  return { ledger, entries, ...outlet };
}

const credit = (ledger: Ledger, amount: number, more: object = {}) =>
  ledger.setBudget({ id: "b", scope: { everyone: true }, amount, period: null, hard: true, alerts: [], ...more });

describe("a call that an upstream answers", () => {
  test("is entered with what the upstream counted, and its price", async () => {
    const { post, entries, settled } = billed(upstream, {
      keys: { secret: { id: "k", organization: "o", project: "p", user: "u" } },
    });
    await post("/chat/completions", ask("x"), {
      headers: { "content-type": "application/json", authorization: "Bearer secret" },
    });
    expect(await entries()).toMatchObject([
      {
        id: settled[0]?.requestId,
        operation: "createChatCompletion",
        kind: "completions",
        model: "m",
        organization: "o",
        project: "p",
        apiKey: "k",
        user: "u",
        outcome: "completed",
        usage: { input_tokens: 1000, output_tokens: 500, estimated: false },
        cost: dollars(0.002),
      },
    ]);
    expect(settled[0]?.cost).toBe(dollars(0.002));
  });

  test("costs the same streamed", async () => {
    const event = (data: object) => `data: ${JSON.stringify({ id: "c", ...data })}\n\n`;
    const stream = () => ({
      status: 200,
      headers: {},
      body: chunksOf(event({ choices: [] }), event({ choices: [], usage }), "data: [DONE]\n\n"),
    });
    const { post, settled } = billed(forwardEngine(stream));
    await (await post("/chat/completions", ask("x", { stream: true }))).text();
    expect(settled[0]?.cost).toBe(dollars(0.002));
  });

  test("is entered when it was refused there, and costs nothing", async () => {
    const refusal = { status: 500, headers: {}, body: bytes({ error: { message: "no", type: "server_error" } }) };
    const { post, entries } = billed(forwardEngine(refusal));
    await post("/chat/completions", ask("x"));
    expect(await entries()).toMatchObject([{ outcome: "failed", cost: 0 }]);
  });
});

test("a request that reaches no model leaves nothing in the ledger", async () => {
  const { post, entries, ledger } = billed(defineModel(() => "x"));
  await credit(ledger, dollars(1));
  expect((await post("/chat/completions", ask("x", { model: "none" }))).status).toBe(404);
  expect((await post("/chat/completions", ask("x", { stream_options: {} }))).status).toBe(400);
  expect(await entries()).toEqual([]);
  expect(await ledger.budgets()).toMatchObject([{ spent: 0, reserved: 0 }]);
});

describe("a budget", () => {
  test("that is used up answers as the API does, and no model is asked", async () => {
    let asked = 0;
    const { post, ledger } = billed(defineModel(() => `${++asked}`));
    await credit(ledger, 0);
    const reply = await post("/chat/completions", ask("x"));
    expect(reply.status).toBe(429);
    expect(reply.headers.get("x-should-retry")).toBe("false");
    expect(await reply.json()).toMatchObject({
      error: { type: "insufficient_quota", code: "insufficient_quota", param: null },
    });
    expect(asked).toBe(0);
  });

  test("lets through exactly what it covers, however many ask at once", async () => {
    const { post, ledger } = billed(
      defineModel(() => "x"),
      { billing: { prices: { m: { request: 0.01 } } } },
    );
    await credit(ledger, dollars(1));
    const replies = await Promise.all(Array.from({ length: 500 }, () => post("/chat/completions", ask("x"))));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(100);
    expect(replies.filter(({ status }) => status === 429)).toHaveLength(400);
    expect(await ledger.budgets()).toMatchObject([{ spent: dollars(1), reserved: 0 }]);
  });

  test("holds what a call may come to until it is known what it came to", async () => {
    let state: unknown;
    const { post, ledger } = billed(
      defineModel(async () => {
        state = await ledger.budgets();
        return "x";
      }),
    );
    await credit(ledger, dollars(1));
    await post("/chat/completions", ask("x", { max_tokens: 1000 }));
    expect(state).toMatchObject([{ spent: 0, reserved: expect.closeTo(dollars(0.002), -5) }]);
    expect(await ledger.budgets()).toMatchObject([{ reserved: 0 }]);
  });

  test("that was made through the admin API is told of with those it names", async () => {
    const alerts: SpendAlert[] = [];
    const billing = { prices: { m: { request: 0.01 } }, onSpendAlert: (alert: SpendAlert) => void alerts.push(alert) };
    const { post } = billed(
      defineModel(() => "x"),
      { billing, keys: ["sk-1"], platform: { adminKeys: ["sk-admin-1"] } },
    );
    const as = (key: string) => ({ headers: { "content-type": "application/json", authorization: `Bearer ${key}` } });
    const channel = { type: "email", recipients: ["a@example.com"], subject_prefix: "Spend" };
    const asked = { threshold_amount: 2, currency: "USD", interval: "month", notification_channel: channel };
    const made = (await (await post("/organization/spend_alerts", asked, as("sk-admin-1"))).json()) as { id: string };
    for (let i = 0; i < 3; i += 1) expect((await post("/chat/completions", ask("x"), as("sk-1"))).status).toBe(200);
    expect(alerts).toMatchObject([
      {
        threshold: dollars(0.02),
        budget: { id: made.id, notify: { recipients: ["a@example.com"], subjectPrefix: "Spend" } },
      },
    ]);
  });

  test("that is soft refuses nothing, and its alert is told of once", async () => {
    const alerts: unknown[] = [];
    const billing = { prices: { m: { request: 0.01 } }, onSpendAlert: (alert: unknown) => void alerts.push(alert) };
    const { post, ledger } = billed(
      defineModel(() => "x"),
      { billing },
    );
    await credit(ledger, 0, { hard: false, alerts: [dollars(0.02)] });
    for (let i = 0; i < 4; i += 1) expect((await post("/chat/completions", ask("x"))).status).toBe(200);
    expect(alerts).toMatchObject([{ threshold: dollars(0.02), budget: { id: "b", spent: dollars(0.02) } }]);
  });
});

test("a stream that is left is charged for what was made until then", async () => {
  const { post, settled, entries } = billed(
    defineModel(async function* ({ signal }) {
      yield "one two three four";
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    }),
  );
  const leaving = new AbortController();
  const reply = await post("/chat/completions", ask("x", { stream: true }), { signal: leaving.signal });
  const reader = reply.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  await expect.poll(() => settled.length).toBe(1);
  expect(await entries()).toMatchObject([{ outcome: "cancelled", usage: { estimated: true } }]);
  const [left] = await entries();
  expect(left?.usage.output_tokens).toBeGreaterThan(0);
  expect(left?.cost).toBeGreaterThan(0);
});

const chats = { path: "/chat/completions", body: ask("x", { max_tokens: 1000 }), responses: false };
const responds = { path: "/responses", body: { model: "m", input: "x", max_output_tokens: 1000 } };

describe.each([
  ["relayed", chats],
  ["streamed", { ...chats, body: { ...chats.body, stream: true } }],
  ["a response over chat", { ...responds, responses: false }],
  ["a response of the upstream's own", { ...responds, responses: true }],
])("a call that is left before its upstream has told anything (%s)", (_name, { path, body, responses }) => {
  test.each([
    ["reserved" as const, 1000],
    ["nothing" as const, 0],
    [() => ({ input_tokens: 1, cached_tokens: 0, output_tokens: 7, reasoning_tokens: 0, estimated: false }), 7],
  ])("is charged by %s", async (whenUnknown, output_tokens) => {
    const leaving = new AbortController();
    const engine: Engine = {
      specificationVersion: "v1",
      responses,
      forward: () => {
        leaving.abort();
        return new Promise(() => {});
      },
    };
    const { outlet, entries } = billed(engine, { billing: { prices, whenUnknown } });
    const headers = { "content-type": "application/json" };
    const init = { method: "POST", body: JSON.stringify(body), headers, signal: leaving.signal };
    await expect(outlet.fetch(`http://outlet/v1${path}`, init)).rejects.toThrow();
    await expect.poll(entries).toMatchObject([{ outcome: "cancelled", usage: { output_tokens } }]);
  });
});

test("a function that is left before it has said anything is charged for what it was asked", async () => {
  const leaving = new AbortController();
  const model = defineModel(() => {
    leaving.abort();
    return new Promise<string>(() => {});
  });
  const { outlet, entries } = billed(model, { billing: { prices, whenUnknown: "reserved" } });
  const headers = { "content-type": "application/json" };
  const init = { method: "POST", body: JSON.stringify(chats.body), headers, signal: leaving.signal };
  await expect(outlet.fetch("http://outlet/v1/chat/completions", init)).rejects.toThrow();
  await expect.poll(entries).toMatchObject([{ outcome: "cancelled", usage: { estimated: true, output_tokens: 0 } }]);
});

test("a ledger that is away refuses calls, and loses none that it had let in", async () => {
  const ledger = createMemoryLedger();
  let away = false;
  const failing: Ledger = {
    ...ledger,
    open: (...args) => (away ? Promise.reject(new Error("away")) : ledger.open(...args)),
    settle: (...args) => (away ? Promise.reject(new Error("away")) : ledger.settle(...args)),
  };
  const { post, outlet } = testOutlet({
    models: {
      m: defineModel(() => {
        away = true;
        return "x";
      }),
    },
    ledger: failing,
    billing: { prices },
  });
  expect((await post("/chat/completions", ask("x"))).status).toBe(200);
  const refused = await post("/chat/completions", ask("x"));
  expect(refused.status).toBe(503);
  expect(refused.headers.get("retry-after")).toBe("1");
  away = false;
  await outlet.close();
  expect(await ledger.entries({ limit: 10 })).toMatchObject([{ outcome: "completed" }]);
});

test("written behind, a call waits for no ledger; one who has spent all is found out after that", async () => {
  const ledger = createMemoryLedger();
  let open = () => {};
  const slow: Ledger = {
    ...ledger,
    open: async (entry, options) => {
      if (!options.enforce) await new Promise<void>((resolve) => (open = resolve));
      return ledger.open(entry, options);
    },
  };
  const { post } = testOutlet({
    models: { m: defineModel(() => "x") },
    ledger: slow,
    billing: { prices: { m: { request: 1 } }, writes: "behind" },
  });
  await credit(ledger, 0);
  expect((await post("/chat/completions", ask("x"))).status).toBe(200);
  open();
  await expect.poll(() => ledger.entries({ limit: 10 })).toMatchObject([{ cost: dollars(1) }]);
  expect((await post("/chat/completions", ask("x"))).status).toBe(429);
});

test("a response in the background is entered when its model is asked, under the id that its upstream is told", async () => {
  const told: string[] = [];
  const model = defineModel(({ requestId }) => {
    told.push(requestId);
    return "x";
  });
  const { post, outlet, entries, settled } = billed(model);
  const reply = await post("/responses", { model: "m", input: "x", background: true });
  expect(reply.status).toBe(200);
  await expect.poll(entries).toMatchObject([{ outcome: "completed", operation: "createResponse", apiKey: "anyone" }]);
  expect((await entries())[0]?.id).toBe(`${settled[0]?.requestId}.1`);
  expect(told).toEqual([`${settled[0]?.requestId}.1`]);
  await outlet.close();
});

test("billing without a ledger is refused, and so is what is no ledger", () => {
  const models = { m: defineModel(() => "x") };
  expect(() => testOutlet({ models, billing: {} })).toThrow(/billing needs a ledger/);
  expect(() => testOutlet({ models, ledger: {} as Ledger })).toThrow(/specificationVersion/);
});

test("a price is missed of models that there are, once, and of no name that a client makes up", async () => {
  const { post, logged } = billed(upstream, { billing: { prices: {} } });
  for (const model of ["made-up", "m", "m"]) await post("/chat/completions", { ...ask("x"), model });
  const missed = logged.filter(({ message }) => message.startsWith("No price"));
  expect(missed.map(({ details }) => details)).toEqual([{ model: "m" }]);
});
