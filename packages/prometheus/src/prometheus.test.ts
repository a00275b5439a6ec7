import { createMemoryLedger, createOutlet, defineModel, type OutletOptions } from "@outlet/core";
import { describe, expect, test } from "vitest";
import { prometheus } from "./prometheus.ts";

const headers = { "content-type": "application/json", authorization: "Bearer sk-test" };
const echo = defineModel(async function* ({ messages }) {
  yield String(messages.at(-1)?.content);
});

function observed(more: Partial<OutletOptions> = {}, metrics = prometheus()) {
  const outlet = createOutlet({ keys: ["sk-test"], models: { m: echo }, observers: [metrics], ...more });
  const post = (path: string, body: object, init: RequestInit = {}) =>
    outlet.fetch(`http://outlet/v1${path}`, { method: "POST", headers, body: JSON.stringify(body), ...init });
  const chat = (more: object = {}) =>
    post("/chat/completions", { model: "m", messages: [{ role: "user", content: "hi" }], ...more });
  return { outlet, metrics, post, chat };
}

/** Every sample, by its name and labels; throws where the text is not the format. */
function samplesOf(text: string): Map<string, number> {
  const samples = new Map<string, number>();
  const types = new Map<string, string>();
  expect(text.endsWith("\n")).toBe(true);
  for (const line of text.slice(0, -1).split("\n")) {
    const type = /^# TYPE ([a-z_]+) (counter|gauge|histogram)$/.exec(line);
    if (type) {
      expect(types.has(type[1] as string)).toBe(false);
      types.set(type[1] as string, type[2] as string);
    }
    if (line.startsWith("# ")) continue;
    const [, name, labels = "", value] =
      /^([a-z_]+)(\{(?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*"(?:,(?=[a-z]))?)*\})? (\S+)$/.exec(line) ?? [];
    const family = name?.replace(/_(bucket|sum|count)$/, "");
    expect([line, types.has(name as string) || types.get(family as string) === "histogram"]).toEqual([line, true]);
    expect([line, samples.has(name + labels)]).toEqual([line, false]);
    samples.set(name + labels, Number(value));
  }
  return samples;
}

describe("the text", () => {
  test("counts requests by operation, status and outcome, tokens by kind, cost, and how long they took", async () => {
    const ledger = createMemoryLedger();
    const { metrics, chat } = observed({ ledger, billing: { prices: { m: { request: 0.25 } } } });
    for (const stream of [true, true, false]) await (await chat({ stream })).text();
    await chat({ temperature: 9 });
    const samples = samplesOf(metrics.text());
    const operation = 'operation="createChatCompletion"';
    expect(samples.get(`outlet_requests_total{${operation},status="200",outcome="completed"}`)).toBe(3);
    expect(samples.get(`outlet_requests_total{${operation},status="400",outcome="failed"}`)).toBe(1);
    expect(samples.get(`outlet_request_duration_seconds_count{${operation},model="m"}`)).toBe(3);
    expect(samples.get(`outlet_request_duration_seconds_count{${operation}}`)).toBe(1);
    expect(samples.get('outlet_time_to_first_token_seconds_count{model="m"}')).toBe(2);
    expect(samples.get('outlet_tokens_total{model="m",kind="output"}')).toBe(3);
    expect(samples.get('outlet_tokens_total{model="m",kind="input"}')).toBeGreaterThan(0);
    expect(samples.get('outlet_cost_dollars_total{model="m"}')).toBe(0.75);
    expect(metrics.contentType).toBe("text/plain; version=0.0.4; charset=utf-8");
  });

  test("has buckets that add up, the last of which holds all", async () => {
    const { metrics, chat } = observed();
    for (let i = 0; i < 3; i += 1) await chat();
    const text = metrics.text();
    samplesOf(text);
    const buckets = [...text.matchAll(/^outlet_request_duration_seconds_bucket\{.*le="(.*)"\} (\d+)$/gm)];
    expect(buckets.map(([, bound]) => bound)).toEqual(
      "0.01 0.02 0.04 0.08 0.16 0.32 0.64 1.28 2.56 5.12 10.24 20.48 40.96 81.92 +Inf".split(" "),
    );
    const counts = buckets.map(([, , count]) => Number(count));
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(counts.at(-1)).toBe(3);
    const sum = samplesOf(text).get('outlet_request_duration_seconds_sum{operation="createChatCompletion",model="m"}');
    expect(sum).toBeGreaterThan(0);
    expect(sum).toBeLessThan(60);
  });

  test("tells what is open while it is", async () => {
    const goOn = Promise.withResolvers<void>();
    const bothAsked = Promise.withResolvers<void>();
    let asked = 0;
    const slow = defineModel(async function* () {
      asked += 1;
      if (asked === 2) bothAsked.resolve();
      yield "one";
      await goOn.promise;
    });
    const { metrics, chat } = observed({ models: { m: slow } });
    const open = 'outlet_requests_open{operation="createChatCompletion"}';
    const reply = await chat({ stream: true });
    const whole = chat();
    await bothAsked.promise;
    const during = samplesOf(metrics.text());
    expect([during.get(open), during.get("outlet_streams_open")]).toEqual([2, 1]);
    goOn.resolve();
    await Promise.all([reply.text(), whole]);
    const after = samplesOf(metrics.text());
    expect([after.get(open), after.get("outlet_streams_open")]).toEqual([0, 0]);
  });

  test("tells how what the outlet stands on is doing, and nothing of what there is not", async () => {
    const ledger = createMemoryLedger();
    const { metrics, outlet } = observed({ ledger });
    const samples = samplesOf(metrics.text());
    expect(["up", "store_up", "ledger_up", "ledger_unsettled"].map((name) => samples.get(`outlet_${name}`))).toEqual([
      1, 1, 1, 0,
    ]);
    expect(samples.has("outlet_limiter_up")).toBe(false);
    ledger.open = () => Promise.reject(new Error("away"));
    const { metrics: broken, chat } = observed({ ledger, logger: { error: () => {}, warn: () => {} } });
    await chat();
    expect(samplesOf(broken.text()).get("outlet_ledger_up")).toBe(0);
    await outlet.close();
    expect(samplesOf(metrics.text()).get("outlet_up")).toBe(0);
  });

  test("adds up several outlets", async () => {
    const metrics = prometheus();
    const one = observed({}, metrics);
    const two = observed({ models: { other_m: echo } }, metrics);
    await one.chat();
    await two.chat({ model: "other_m" });
    await two.outlet.close();
    const samples = samplesOf(metrics.text());
    expect(
      samples.get('outlet_requests_total{operation="createChatCompletion",status="200",outcome="completed"}'),
    ).toBe(2);
    expect(samples.get('outlet_tokens_total{model="other_m",kind="output"}')).toBeGreaterThan(0);
    expect(samples.get("outlet_up")).toBe(0);
  });
});

describe("labels", () => {
  test("are bounded: what clients make up for models is one label", async () => {
    const { metrics, chat, post, outlet } = observed(
      { models: { m: echo, "*": echo } },
      prometheus({ models: ["gpt-x"] }),
    );
    for (let i = 0; i < 100; i += 1) await chat({ model: `made-up-${i}` });
    await chat({ model: "gpt-x" });
    await post("/nope-1", {});
    await post("/nope-2", {});
    await outlet.fetch("http://outlet/v1/models/made-up", { headers });
    const text = metrics.text();
    expect(text).not.toContain("made-up");
    expect(text).not.toContain("nope");
    const samples = samplesOf(text);
    expect(samples.get('outlet_tokens_total{model="other",kind="output"}')).toBeGreaterThanOrEqual(100);
    expect(samples.get('outlet_tokens_total{model="gpt-x",kind="output"}')).toBe(1);
    expect(samples.get('outlet_requests_total{operation="other",status="404",outcome="failed"}')).toBe(2);
    const models = new Set([...text.matchAll(/model="([^"]*)"/g)].map(([, model]) => model));
    expect([...models].sort()).toEqual(["gpt-x", "other"]);
  });

  test("are escaped", async () => {
    const id = 'a"b\\c\nd';
    const { metrics, chat } = observed({ models: { [id]: echo } });
    await chat({ model: id });
    const text = metrics.text();
    samplesOf(text);
    expect(text).toContain('outlet_tokens_total{model="a\\"b\\\\c\\nd",kind="output"} 1\n');
  });
});

test("a response in the background is one request, whose tokens are counted when it is made", async () => {
  const { metrics, post, outlet } = observed();
  await (await post("/responses", { model: "m", input: "hi", background: true, stream: true })).text();
  await outlet.close();
  const samples = samplesOf(metrics.text());
  expect(samples.get('outlet_requests_total{operation="createResponse",status="200",outcome="completed"}')).toBe(1);
  expect(samples.get('outlet_tokens_total{model="m",kind="output"}')).toBe(1);
});
