import { createServer } from "node:http";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from "@opentelemetry/sdk-trace";
import { createOutlet, type Observer, type OutletOptions } from "@outlet/core";
import { nodeListener } from "@outlet/core/node";
import { openTelemetry } from "@outlet/opentelemetry";
import { prometheus } from "@outlet/prometheus";
import { port } from "../targets/environment.ts";
import { outletOptions } from "../targets/outlet-options.ts";

// node target.ts <variant>: one outlet, watched by whom the variant names.

/** Takes spans in batches, as an exporter would, and sends them nowhere. */
const nowhere: SpanExporter = {
  export: (_spans, done) => done({ code: 0 }),
  shutdown: async () => {},
};

/** The least that one can do. */
const own: Observer = { begin: () => ({ end() {} }) };

function withSdk(): Observer {
  const tracerProvider = new TracerProvider({ spanProcessors: [new BatchSpanProcessor({ exporter: nowhere })] });
  return openTelemetry({ tracerProvider, meterProvider: new MeterProvider() });
}

const VARIANTS: Readonly<Record<string, () => Partial<OutletOptions>>> = {
  nobody: () => ({}),
  "nobody, again": () => ({}),
  "one of your own": () => ({ observers: [own] }),
  prometheus: () => ({ observers: [prometheus()] }),
  opentelemetry: () => ({ observers: [openTelemetry()] }),
  "opentelemetry with its SDK": () => ({ observers: [withSdk()] }),
  explain: () => ({ explain: true }),
};

const [name = ""] = process.argv.slice(2);
const variant = VARIANTS[name];
if (!variant) throw new Error(`there is no variant "${name}"`);
createServer(nodeListener(createOutlet({ ...outletOptions, ...variant() }))).listen(port, "127.0.0.1");
