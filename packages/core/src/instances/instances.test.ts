import { afterEach, describe, expect, it, vi } from "vitest";
import {
  createMemoryLedger,
  createOutlet,
  defineModel,
  type InstanceOptions,
  type OutletOptions,
  type SettledCall,
} from "../index.ts";

afterEach(() => void vi.useRealTimers());

const KEYS = { "sk-own": { id: "own", project: "proj_own" }, "sk-other": { id: "other", project: "proj_other" } };
const quiet = { error() {}, warn() {} };

/** An engine whose calls end when they are told to. */
function held() {
  const calls: { model: string; tier: unknown; end: () => void }[] = [];
  const engine = defineModel(async ({ request, signal }) => {
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      calls.push({ model: request.model, tier: request.service_tier, end: resolve });
    });
    return `from ${request.model}`;
  });
  return { engine, calls };
}

function api(instance: Partial<InstanceOptions>, more: Partial<OutletOptions> = {}) {
  const own = held();
  const settled: SettledCall[] = [];
  const outlet = createOutlet({
    models: { "gpt-x": { alias: "gpt-x-2" }, "gpt-x-2": defineModel(() => "from all") },
    keys: KEYS,
    logger: quiet,
    onSettle: (call) => settled.push(call),
    instances: {
      reserved: {
        projects: ["proj_own"],
        models: ["gpt-x"],
        engine: own.engine,
        snapshot: "gpt-x-1",
        concurrency: 1,
        ...instance,
      },
    },
    ...more,
  });
  const send = async (
    path: string,
    body: object,
    { key = "sk-own", signal }: { key?: string; signal?: AbortSignal } = {},
  ) => {
    const response = await outlet.fetch(`http://outlet/v1${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify(body),
      ...(signal && { signal }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: text.startsWith("{") ? JSON.parse(text) : null,
    };
  };
  const chat = (more: object = {}, who: Parameters<typeof send>[2] = {}) =>
    send("/chat/completions", { model: "gpt-x", messages: [{ role: "user", content: "hi" }], ...more }, who);
  /** Until so many calls have reached the instance, or wait for it. */
  const until = (state: Partial<{ calls: number; waiting: number }>) =>
    vi.waitFor(() => {
      if (state.calls !== undefined) expect(own.calls.length).toBe(state.calls);
      if (state.waiting !== undefined) expect(outlet.instances()[0]?.waiting).toBe(state.waiting);
    });
  return { outlet, own, send, chat, settled, until, report: () => outlet.instances()[0] };
}

describe("an instance", () => {
  it("answers its project with its own snapshot, and nobody else", async () => {
    const { chat, own, settled, until } = api({});
    const mine = chat({ service_tier: "auto" });
    await until({ calls: 1 });
    own.calls[0]?.end();
    const { body, headers } = await mine;
    expect(body).toMatchObject({ model: "gpt-x-1", service_tier: "scale" });
    expect([headers.get("outlet-instance"), headers.get("openai-model")]).toEqual(["reserved", "gpt-x-1"]);
    expect(own.calls[0]).toMatchObject({ model: "gpt-x-1", tier: undefined });
    expect(settled[0]).toMatchObject({ model: "gpt-x", snapshot: "gpt-x-1", instance: "reserved" });

    const other = await chat({ service_tier: "auto" }, { key: "sk-other" });
    expect(other.body).toMatchObject({ model: "gpt-x-2", service_tier: "default" });
    expect(other.headers.has("outlet-instance")).toBe(false);
    expect(settled[1]).toMatchObject({ snapshot: "gpt-x-2", instance: null });
  });

  it("tells its tier in every event of a stream, and in a response", async () => {
    const { chat, send, own, until } = api({});
    const stream = chat({ stream: true, service_tier: "scale" });
    await until({ calls: 1 });
    own.calls[0]?.end();
    const events = (await stream).text.split("\n\n").filter((event) => event.startsWith("data: {"));
    expect(events.length).toBeGreaterThan(1);
    for (const event of events) expect(JSON.parse(event.slice(6)).service_tier).toBe("scale");

    const response = send("/responses", { model: "gpt-x", input: "hi" });
    await until({ calls: 2 });
    own.calls[1]?.end();
    expect((await response).body).toMatchObject({ model: "gpt-x-1", service_tier: "scale", status: "completed" });
  });

  it("lets in by tier, then in the order of arrival", async () => {
    const { chat, own, until, report } = api({});
    const order: string[] = [];
    const ask = async (name: string, tier?: string) => {
      const { body } = await chat({ ...(tier && { service_tier: tier }) });
      order.push(name);
      return body;
    };
    const first = ask("first");
    await until({ calls: 1 });
    const rest: Promise<unknown>[] = [];
    for (const [index, [name, tier]] of [
      ["flex", "flex"],
      ["one", undefined],
      ["two", "auto"],
      ["priority", "priority"],
    ].entries()) {
      rest.push(ask(name as string, tier));
      await until({ waiting: index + 1 });
    }
    expect(report()).toMatchObject({ concurrency: 1, running: 1, waiting: 4 });
    for (let index = 0; index < 5; index += 1) {
      await until({ calls: index + 1 });
      own.calls[index]?.end();
      await vi.waitFor(() => expect(order.length).toBe(index + 1));
    }
    await Promise.all([first, ...rest]);
    expect(order).toEqual(["first", "priority", "one", "two", "flex"]);
    expect(report()).toMatchObject({ running: 0, waiting: 0, calls: { answered: 5, overflowed: 0, refused: 0 } });
  });

  it("leaves what has no place in time to what all share, unless the request or the host wants it otherwise", async () => {
    const full = api({ queue: { size: 0 } });
    const first = full.chat();
    await full.until({ calls: 1 });
    expect((await full.chat({ service_tier: "auto" })).body).toMatchObject({
      model: "gpt-x-2",
      service_tier: "default",
    });
    expect((await full.chat({ service_tier: "default" })).body.model).toBe("gpt-x-2");
    for (const service_tier of ["scale", "flex"]) {
      const refused = await full.chat({ service_tier });
      expect(refused).toMatchObject({ status: 429, body: { error: { code: "resource_unavailable" } } });
      expect(refused.headers.get("retry-after-ms")).toBe("1000");
    }
    expect(full.report()?.calls).toEqual({ answered: 0, overflowed: 1, refused: 2 });
    full.own.calls[0]?.end();
    expect((await first).status).toBe(200);

    const strict = api({ queue: { deadlineMs: 20 }, overflow: "refuse" });
    const holding = strict.chat();
    await strict.until({ calls: 1 });
    expect((await strict.chat()).status).toBe(429);
    strict.own.calls[0]?.end();
    await holding;
  });

  it("gives its place to the next when a client leaves, running or waiting", async () => {
    const { chat, own, until, report } = api({});
    const leaving = new AbortController();
    const waiting = new AbortController();
    const gone = [chat({}, { signal: leaving.signal }).catch(() => null)];
    await until({ calls: 1 });
    gone.push(chat({}, { signal: waiting.signal }).catch(() => null));
    await until({ waiting: 1 });
    const stays = chat();
    await until({ waiting: 2 });
    waiting.abort();
    await until({ waiting: 1 });
    leaving.abort();
    await until({ calls: 2 });
    own.calls[1]?.end();
    expect((await stays).status).toBe(200);
    await Promise.all(gone);
    expect(report()).toMatchObject({ running: 0, waiting: 0 });
  });

  it("has work in the background wait for its place", async () => {
    const { outlet, send, own, until } = api({ queue: { size: 0 } });
    const { body } = await send("/responses", { model: "gpt-x", input: "hi", background: true });
    const second = await send("/responses", { model: "gpt-x", input: "hi", background: true });
    await until({ calls: 1, waiting: 1 });
    own.calls[0]?.end();
    await until({ calls: 2 });
    own.calls[1]?.end();
    for (const { id } of [body, second.body]) {
      const read = async () =>
        (
          await outlet.fetch(`http://outlet/v1/responses/${id}`, { headers: { authorization: "Bearer sk-own" } })
        ).json();
      await vi.waitFor(async () => expect(await read()).toMatchObject({ status: "completed", service_tier: "scale" }));
    }
    await outlet.close();
  });

  it("keeps its own context window", async () => {
    const words = { count: (text: string) => text.split(" ").length, truncate: (text: string) => text };
    const { chat } = api({ context_window: 20, tokenizer: words });
    const long = { messages: [{ role: "user", content: "a ".repeat(60) }] };
    expect((await chat(long)).body.error.code).toBe("context_length_exceeded");
    expect((await chat(long, { key: "sk-other" })).status).toBe(200);
  });

  it("costs nothing a call, is not held to shared limits, and tells from which traffic on it pays", async () => {
    const { chat, own, settled, until, report } = api(
      { price_per_hour: 1 },
      {
        ledger: createMemoryLedger(),
        billing: { prices: { "*": { input: 1_000, output: 1_000 } } },
        limits: { models: { "*": { requestsPerMinute: 1 } } },
      },
    );
    for (const call of [0, 1]) {
      const asked = chat();
      await until({ calls: call + 1 });
      own.calls[call]?.end();
      expect((await asked).status).toBe(200);
    }
    expect(settled.map(({ cost }) => cost)).toEqual([0, 0]);
    const { usage, breakEven } = report() ?? {};
    const tokens = (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0);
    expect(tokens).toBeGreaterThan(0);
    // A dollar a thousand tokens, and 24 dollars a day.
    expect(breakEven).toMatchObject({ reservedPerDay: 24e9, sharedCost: tokens * 1e6, tokensPerDay: 24_000 });
  });
});

it.each<[string, Partial<InstanceOptions>, RegExp]>([
  ["no place", { concurrency: 0 }, /concurrency/],
  ["a model that is none", { models: ["gpt-y"] }, /gpt-y is no model/],
  ["nobody's", { projects: [] }, /projects is empty/],
  ["a deadline that is none", { queue: { deadlineMs: -1 } }, /deadlineMs/],
  ["a price that is none", { price_per_hour: Number.NaN }, /price_per_hour/],
])("refuses an instance with %s when it is made", (_what, instance, message) => {
  expect(() => api(instance)).toThrow(message);
});
