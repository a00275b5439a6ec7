import { context, metrics, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { createMemoryLedger, createOutlet, defineModel, type Engine, type OutletOptions } from "@outlet/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OpenTelemetryOptions, openTelemetry } from "./opentelemetry.ts";

const contexts = new AsyncLocalStorageContextManager();
beforeAll(() => void context.setGlobalContextManager(contexts.enable()));
afterAll(() => context.disable());

const headers = { "content-type": "application/json", authorization: "Bearer sk-test" };
const keys = { "sk-test": { id: "ann", organization: "acme", project: "shop" } };
const echo = defineModel(async function* () {
  yield "one ";
  yield "two ";
  yield "three";
});

/** An outlet whose spans and metrics are kept. */
function observed(more: Partial<OutletOptions> = {}, options: OpenTelemetryOptions = {}) {
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: metricExporter, exportIntervalMillis: 3_600_000 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const logger = { error: () => {}, warn: () => {} };
  const observer = openTelemetry({ tracerProvider, meterProvider, ...options });
  const outlet = createOutlet({ keys, models: { m: echo }, logger, observers: [observer], ...more });
  const post = (path: string, body: object, init: RequestInit = {}) =>
    outlet.fetch(`http://outlet/v1${path}`, { method: "POST", headers, body: JSON.stringify(body), ...init });
  const chat = (more: object = {}, init: RequestInit = {}) =>
    post("/chat/completions", { model: "m", messages: [{ role: "user", content: "hi" }], ...more }, init);
  const spans = async () => {
    await tracerProvider.forceFlush();
    return exporter.getFinishedSpans();
  };
  const points = async (name: string) => {
    await meterProvider.forceFlush();
    const all =
      metricExporter
        .getMetrics()
        .at(-1)
        ?.scopeMetrics.flatMap(({ metrics: made }) => made) ?? [];
    const metric = all.find(({ descriptor }) => descriptor.name === name);
    return metric?.dataPointType === DataPointType.HISTOGRAM ? metric.dataPoints : [];
  };
  return { outlet, post, chat, spans, points, tracerProvider };
}

describe("a span", () => {
  test("is made of a call, with the conventions' names", async () => {
    const billing = { prices: { m: { request: 1 } } };
    const { chat, spans } = observed({ ledger: createMemoryLedger(), billing });
    const more = {
      stream: true,
      temperature: 0.5,
      max_completion_tokens: 100,
      seed: 7,
      response_format: { type: "text" },
    };
    await (await chat({ ...more, n: 1 })).text();
    const [span] = await spans();
    expect(span).toMatchObject({ name: "chat m", kind: SpanKind.CLIENT, status: { code: SpanStatusCode.UNSET } });
    expect(span?.attributes).toMatchObject({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "m",
      "gen_ai.response.model": "m",
      "gen_ai.request.stream": true,
      "gen_ai.request.temperature": 0.5,
      "gen_ai.request.max_tokens": 100,
      "gen_ai.request.seed": 7,
      "gen_ai.output.type": "text",
      "gen_ai.usage.input_tokens": expect.any(Number),
      "gen_ai.usage.output_tokens": 4,
      "gen_ai.response.time_to_first_chunk": expect.any(Number),
      "openai.api.type": "chat_completions",
      "outlet.operation": "createChatCompletion",
      "outlet.request.id": expect.stringMatching(/^req_/),
      "outlet.status": 200,
      "outlet.outcome": "completed",
      "outlet.principal.id": "ann",
      "outlet.project": "shop",
      "outlet.cost_nanodollars": 1_000_000_000,
    });
    expect(span?.attributes).not.toHaveProperty("gen_ai.request.choice.count");
  });

  test("is a child of the host's, and active in the engine, before and within a stream", async () => {
    const seen: (string | undefined)[] = [];
    const looking: Engine = defineModel(async function* () {
      seen.push(trace.getActiveSpan()?.spanContext().spanId);
      yield "one";
      seen.push(trace.getActiveSpan()?.spanContext().spanId);
      yield "two";
    });
    const { chat, spans, tracerProvider } = observed({ models: { m: looking } });
    const host = tracerProvider.getTracer("host").startSpan("POST /v1/chat/completions");
    await context.with(trace.setSpan(context.active(), host), async () => {
      for (const stream of [false, true]) await (await chat({ stream })).text();
    });
    const made = await spans();
    expect(made.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual(
      Array(2).fill(host.spanContext().spanId),
    );
    expect(seen).toEqual(made.flatMap((span) => Array(2).fill(span.spanContext().spanId)));
  });

  test.each([
    ["a request that is not one", { temperature: 9 }, "decimal_above_max_value", 400],
    ["a model that is not there", { model: "nope" }, "model_not_found", 404],
  ])("says of %s what it failed with, and no more", async (_what, more, type, status) => {
    const { chat, spans } = observed();
    expect((await chat(more)).status).toBe(status);
    const [span] = await spans();
    expect(span?.attributes).toMatchObject({ "error.type": type, "outlet.status": status });
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(span?.events).toEqual([]);
  });

  test("of a failing engine has the status for an error, when that has no code", async () => {
    const { chat, spans } = observed({ models: { m: defineModel(() => Promise.reject(new Error("a secret"))) } });
    await chat();
    const [span] = await spans();
    expect(span?.attributes["error.type"]).toBe("500");
    expect(JSON.stringify([span?.attributes, span?.status, span?.events])).not.toContain("secret");
  });

  test("of a stranger, and of an operation without a model, is the host's own affair: internal, and named by it", async () => {
    const { outlet, chat, spans } = observed();
    await chat({}, { headers: { "content-type": "application/json" } });
    await outlet.fetch("http://outlet/v1/models", { headers });
    await outlet.fetch("http://outlet/v1/nope", { headers });
    expect((await spans()).map(({ name, kind }) => [name, kind])).toEqual([
      ["chat", SpanKind.CLIENT],
      ["listModels", SpanKind.INTERNAL],
      ["unknown operation", SpanKind.INTERNAL],
    ]);
  });

  test("begins when the call arrived and ends with its last byte", async () => {
    const goOn = Promise.withResolvers<void>();
    const slow = defineModel(async function* () {
      yield "one";
      await goOn.promise;
    });
    const { chat, spans } = observed({ models: { m: slow } });
    const before = Date.now();
    const reply = await chat({ stream: true });
    expect(await spans()).toHaveLength(0);
    goOn.resolve();
    await reply.text();
    const [span] = await spans();
    const [seconds, nanos] = span?.startTime ?? [0, 0];
    // The two clocks of a machine agree to some milliseconds.
    expect(Math.abs(seconds * 1000 + nanos / 1e6 - before)).toBeLessThan(60_000);
    expect(span?.ended).toBe(true);
  });

  test("of a stream that its client left is no error", async () => {
    const left = Promise.withResolvers<void>();
    const endless = defineModel(async function* ({ signal }) {
      signal.addEventListener("abort", () => left.resolve());
      yield "one";
      await left.promise;
    });
    const { chat, spans, outlet } = observed({ models: { m: endless } });
    const reader = (await chat({ stream: true })).body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await left.promise;
    await outlet.close();
    const [span] = await spans();
    expect([span?.attributes["outlet.outcome"], span?.status.code]).toEqual(["cancelled", SpanStatusCode.UNSET]);
  });

  test("of work in the background says so, under the request's id", async () => {
    const { post, outlet, spans } = observed();
    await (await post("/responses", { model: "m", input: "hi", background: true, stream: true })).text();
    await outlet.close();
    const made = await spans();
    const ids = made.map(({ attributes }) => attributes["outlet.request.id"]);
    expect(made.map(({ attributes }) => attributes["outlet.background"] ?? false).sort()).toEqual([false, true]);
    expect(ids[0]).toBe(ids[1]);
  });
});

describe("metrics", () => {
  test("measure duration, tokens, and the first and the other tokens of streams, in the conventions' buckets", async () => {
    const { chat, post, points } = observed();
    await (await chat({ stream: true })).text();
    await chat();
    await chat({ temperature: 9 });
    const common = { "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai" };
    const model = { ...common, "gen_ai.request.model": "m", "gen_ai.response.model": "m" };
    for (const name of ["gen_ai.client.operation.duration", "gen_ai.server.request.duration"]) {
      const durations = await points(name);
      expect(durations.map(({ attributes, value }) => [attributes, value.count])).toEqual([
        [model, 2],
        [{ ...common, "error.type": "decimal_above_max_value" }, 1],
      ]);
      expect(durations[0]?.value.buckets.boundaries).toEqual([
        0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
      ]);
    }
    for (const name of ["gen_ai.server.time_to_first_token", "gen_ai.server.time_per_output_token"]) {
      expect((await points(name)).map(({ attributes, value }) => [attributes, value.count])).toEqual([[model, 1]]);
    }
    const tokens = await points("gen_ai.client.token.usage");
    expect(tokens.map(({ attributes, value }) => [attributes["gen_ai.token.type"], value.count])).toEqual([
      ["input", 2],
      ["output", 2],
    ]);
    expect(tokens[1]?.value.sum).toBe(8);
    expect(tokens[0]?.value.buckets.boundaries.at(-1)).toBe(67_108_864);
    await post("/moderations", { input: "x" });
    expect(await points("gen_ai.server.request.duration")).toHaveLength(2);
  });

  test("name the models that the host has, and no others", async () => {
    const { chat, points } = observed({ models: { m: echo, "*": echo } }, { models: ["gpt-x"] });
    for (const model of ["m", "gpt-x", "made-up-1", "made-up-2"]) await chat({ model });
    const named = (await points("gen_ai.client.token.usage")).map(
      ({ attributes }) => attributes["gen_ai.request.model"],
    );
    expect([...new Set(named)]).toEqual(["m", "gpt-x", "_OTHER"]);
  });

  test("say who answers, as the host does", async () => {
    const { chat, points, spans } = observed({}, { provider: (model) => (model === "m" ? "mistral_ai" : "openai") });
    await chat();
    expect((await points("gen_ai.client.operation.duration"))[0]?.attributes["gen_ai.provider.name"]).toBe(
      "mistral_ai",
    );
    expect((await spans())[0]?.attributes["gen_ai.provider.name"]).toBe("mistral_ai");
  });
});

test("a global SDK that is registered after the outlet was made is found", async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const outlet = createOutlet({ keys, models: { m: echo }, observers: [openTelemetry()] });
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const spanExporter = new InMemorySpanExporter();
  const meterProvider = new MeterProvider({ readers: [reader] });
  metrics.setGlobalMeterProvider(meterProvider);
  trace.setGlobalTracerProvider(
    new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spanExporter })] }),
  );
  try {
    const body = JSON.stringify({ model: "m", input: "x" });
    await outlet.fetch("http://outlet/v1/responses", { method: "POST", headers, body });
    await meterProvider.forceFlush();
    expect(exporter.getMetrics().at(-1)?.scopeMetrics).toHaveLength(1);
    expect(spanExporter.getFinishedSpans().map(({ name }) => name)).toEqual(["chat m"]);
  } finally {
    metrics.disable();
    trace.disable();
  }
});
