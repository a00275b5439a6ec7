import { context, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import { createOutlet } from "@outlet/core";
import { openai } from "@outlet/engine-openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { echoingUpstream } from "./echoing-upstream.ts";
import { telling } from "./telling.ts";

let upstream: Awaited<ReturnType<typeof echoingUpstream>>;
beforeAll(async () => {
  upstream = await echoingUpstream();
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
});
afterAll(() => {
  upstream.close();
  context.disable();
  propagation.disable();
});

test("an upstream gets a traceparent where the host's own instrumentation adds one, of the call's span, and else none", async () => {
  const { options, tracerProvider } = telling();
  const outlet = createOutlet({
    ...options,
    access: "open",
    models: { m: openai({ apiKey: "sk-upstream", baseURL: upstream.baseURL, maxRetries: 0 }) },
  });
  const host = tracerProvider.getTracer("host").startSpan("host");
  const ask = async () => {
    const body = JSON.stringify({ model: "m", messages: [{ role: "user", content: "x" }] });
    const headers = { "content-type": "application/json" };
    const sent = () => outlet.fetch("http://outlet/v1/chat/completions", { method: "POST", headers, body });
    await (await context.with(trace.setSpan(context.active(), host), sent)).text();
    return upstream.headers.at(-1)?.traceparent;
  };
  expect(await ask()).toBeUndefined();
  const instrumentation = new UndiciInstrumentation();
  instrumentation.setTracerProvider(tracerProvider);
  instrumentation.enable();
  const traceparent = await ask();
  instrumentation.disable();
  await outlet.close();
  expect(traceparent).toContain(host.spanContext().traceId);
});
