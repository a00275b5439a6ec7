import {
  type Attributes,
  context,
  type Meter,
  type MeterProvider,
  metrics,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TracerProvider,
  trace,
} from "@opentelemetry/api";
import type { BegunCall, Observer, SettledCall, Watched } from "@outlet/core";
import { endAttributes, errorType, requestAttributes } from "./attributes.ts";
import { BUCKETS, operationOf } from "./conventions.ts";

export interface OpenTelemetryOptions {
  /** Default: the global one, which does nothing until an SDK has registered itself. */
  tracerProvider?: TracerProvider;
  /** Default: the global one. */
  meterProvider?: MeterProvider;
  /**
   * `gen_ai.provider.name`: who answers, by what the conventions call them. A function is asked by the id that the client sent; null where there was
   * none. Default: `openai`, for the API that is spoken.
   */
  provider?: string | ((model: string | null) => string);
  /**
   * Ids of models that metrics name besides those that have an entry in the outlet's `models`. All others, whatever clients make up, are
   * `_OTHER`. Spans name every model. Default: none.
   */
  models?: readonly string[];
}

const SCOPE = "@outlet/opentelemetry";
const OTHER = "_OTHER";

/**
 * Traces and metrics of an outlet's calls, by the OpenTelemetry conventions for generative AI. Each call is a span, a child of what the host has
 * active, and is itself active while engines are asked; nothing is added to what they send. No prompts, answers, keys or messages of errors are
 * in any of it.
 *
 * ```ts
 * createOutlet({ models, keys, observers: [openTelemetry()] });
 * ```
 *
 * https://github.com/open-telemetry/semantic-conventions-genai
 */
export function openTelemetry({
  tracerProvider = trace.getTracerProvider(),
  meterProvider,
  provider = "openai",
  models = [],
}: OpenTelemetryOptions = {}): Observer {
  const tracer = tracerProvider.getTracer(SCOPE);
  // When it is needed: a global provider that is registered later would not be found out about.
  let instruments: ReturnType<typeof instrumentsOf> | undefined;
  const named = new Set(models);
  const watched: Watched[] = [];

  function providerOf(model: string | null): string {
    return typeof provider === "string" ? provider : provider(model);
  }

  /** Bounded: there are as many as the host has named. */
  function modelOf(id: string): string {
    return named.has(id) || watched.some(({ hasModel }) => hasModel(id)) ? id : OTHER;
  }

  function measure(call: SettledCall, begun: BegunCall, operation: string): void {
    instruments ??= instrumentsOf((meterProvider ?? metrics.getMeterProvider()).getMeter(SCOPE));
    const common: Attributes = {
      "gen_ai.operation.name": operation,
      "gen_ai.provider.name": providerOf(call.model),
    };
    if (call.model !== null) common["gen_ai.request.model"] = modelOf(call.model);
    if (call.snapshot !== null) common["gen_ai.response.model"] = modelOf(call.snapshot);
    const error = errorType(call);
    const ended = error === null ? common : { ...common, "error.type": error };
    const seconds = call.durationMs / 1000;
    instruments.operation.record(seconds, ended);
    if (!begun.background) instruments.request.record(seconds, ended);
    if (call.firstTokenMs !== null && error === null) {
      instruments.firstToken.record(call.firstTokenMs / 1000, common);
      const others = (call.usage?.output_tokens ?? 0) - 1;
      if (others > 0) instruments.perToken.record((call.durationMs - call.firstTokenMs) / 1000 / others, common);
    }
    if (!call.usage) return;
    instruments.tokens.record(call.usage.input_tokens, { ...common, "gen_ai.token.type": "input" });
    if (operation !== "embeddings") {
      instruments.tokens.record(call.usage.output_tokens, { ...common, "gen_ai.token.type": "output" });
    }
  }

  return {
    attach: (one) => void watched.push(one),
    begin(begun) {
      const operation = operationOf(begun.operationId);
      const model = typeof begun.request?.model === "string" ? begun.request.model : null;
      const attributes = requestAttributes(begun, operation, operation && providerOf(model));
      const span = tracer.startSpan(nameOf(begun, operation?.name ?? null, model), {
        kind: operation ? SpanKind.CLIENT : SpanKind.INTERNAL,
        startTime: timeOf(begun.arrival),
        attributes,
      });
      const active = trace.setSpan(context.active(), span);
      return {
        run: (work) => context.with(active, work),
        end(call) {
          if (operation) measure(call, begun, operation.name);
          endSpan(span, call);
        },
      };
    },
  };
}

function nameOf({ operationId }: BegunCall, operation: string | null, model: string | null): string {
  if (operation === null) return operationId ?? "unknown operation";
  return model === null ? operation : `${operation} ${model}`;
}

/** Of a stream that its client left, neither status: nothing failed. */
function endSpan(span: Span, call: SettledCall): void {
  if (span.isRecording()) {
    span.setAttributes(endAttributes(call));
    const error = errorType(call);
    if (error !== null) {
      span.setAttribute("error.type", error);
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
  }
  span.end();
}

function timeOf(arrival: number): number {
  return performance.timeOrigin + arrival;
}

function instrumentsOf(meter: Meter) {
  const histogram = (name: string, unit: string, description: string, buckets: number[]) =>
    meter.createHistogram(name, { unit, description, advice: { explicitBucketBoundaries: buckets } });
  return {
    operation: histogram("gen_ai.client.operation.duration", "s", "GenAI operation duration.", BUCKETS.duration),
    request: histogram("gen_ai.server.request.duration", "s", "From arrival to the last byte.", BUCKETS.duration),
    firstToken: histogram(
      "gen_ai.server.time_to_first_token",
      "s",
      "From arrival to the first token.",
      BUCKETS.firstToken,
    ),
    perToken: histogram(
      "gen_ai.server.time_per_output_token",
      "s",
      "Between tokens after the first.",
      BUCKETS.perToken,
    ),
    tokens: histogram("gen_ai.client.token.usage", "{token}", "Input and output tokens used.", BUCKETS.tokens),
  };
}
