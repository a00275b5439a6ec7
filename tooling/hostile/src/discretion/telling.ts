import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { callLog, type OutletOptions, type SettledCall } from "@outlet/core";
import { openTelemetry } from "@outlet/opentelemetry";
import { prometheus } from "@outlet/prometheus";
import { pino } from "pino";

/** Everything that an outlet tells, with all of it turned on; and all that it has told, as text. */
export function telling() {
  const lines: string[] = [];
  const logger = pino({ level: "trace" }, { write: (line: string) => void lines.push(line) });
  const spans = new InMemorySpanExporter();
  const tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] });
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: metricExporter, exportIntervalMillis: 3_600_000 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const metrics = prometheus();
  const explanations: SettledCall["explanation"][] = [];
  const options = {
    logger,
    explain: true,
    observers: [callLog(logger), metrics, openTelemetry({ tracerProvider, meterProvider })],
    onSettle: ({ explanation }) => void explanations.push(explanation),
  } satisfies Partial<OutletOptions>;

  async function told(): Promise<Record<"log" | "prometheus" | "spans" | "metrics" | "explanations", string>> {
    await Promise.all([tracerProvider.forceFlush(), meterProvider.forceFlush()]);
    const finished = spans.getFinishedSpans();
    return {
      log: lines.join(""),
      prometheus: metrics.text(),
      spans: JSON.stringify(
        finished.map(({ name, attributes, status, events, links }) => ({ name, attributes, status, events, links })),
      ),
      metrics: JSON.stringify(metricExporter.getMetrics().at(-1)?.scopeMetrics),
      explanations: JSON.stringify(explanations),
    };
  }
  return { options, told, tracerProvider };
}
