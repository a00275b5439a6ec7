import type { BegunCall, Health, Observation, Observer, SettledCall, Watched } from "@outlet/core";
import { createCounter, createHistogram, gaugeLines, labelsOf } from "./families.ts";

export interface PrometheusOptions {
  /**
   * Ids of models that get a label of their own besides those that have an entry in the outlet's `models`. All others, whatever clients make up,
   * are counted under `other`. Default: none.
   */
  models?: readonly string[];
}

/** An observer of outlets, and what it has seen as Prometheus text. */
export interface PrometheusMetrics extends Observer {
  /** What to serve `text()` as. */
  readonly contentType: "text/plain; version=0.0.4; charset=utf-8";
  /** Everything there is to scrape. No prompts, keys or names of callers are in it; mount it where only your Prometheus gets to. */
  readonly text: () => string;
}

/** Seconds, as the conventions for generative AI bucket them. */
const DURATIONS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const FIRST_TOKENS = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const NANOS_PER_DOLLAR = 1e9;
/** What is counted of a call's usage, and as what. */
const TOKENS = {
  input_tokens: "input",
  cached_tokens: "cached_input",
  output_tokens: "output",
  reasoning_tokens: "reasoning",
  input_audio_tokens: "input_audio",
  output_audio_tokens: "output_audio",
  input_image_tokens: "input_image",
  output_image_tokens: "output_image",
} as const;
const OTHER = "other";

/**
 * Metrics of the outlets that it observes, in Prometheus' text format. It serves nothing by itself: the host mounts `text()` where it likes.
 *
 * ```ts
 * const metrics = prometheus();
 * app.use("/v1", outlet({ models, keys, observers: [metrics] }));
 * internal.get("/metrics", (_req, res) => void res.type(metrics.contentType).send(metrics.text()));
 * ```
 */
export function prometheus({ models = [] }: PrometheusOptions = {}): PrometheusMetrics {
  const named = new Set(models);
  const watched: Watched[] = [];
  const requests = createCounter("outlet_requests_total", "Requests that have ended, by how.");
  const durations = createHistogram("outlet_request_duration_seconds", "From arrival to the last byte.", DURATIONS);
  const firstTokens = createHistogram(
    "outlet_time_to_first_token_seconds",
    "From arrival to the first token of a streamed answer.",
    FIRST_TOKENS,
  );
  const tokens = createCounter(
    "outlet_tokens_total",
    "Tokens consumed. Those of kinds with a prefix are in input, too, and reasoning is in output.",
  );
  const cost = createCounter(
    "outlet_cost_dollars_total",
    "US dollars, as the ledger has them.",
    "counter",
    NANOS_PER_DOLLAR,
  );
  const open = createCounter("outlet_requests_open", "Requests under way.", "gauge");
  const streams = createCounter("outlet_streams_open", "Of these, those that asked for a stream.", "gauge");
  streams.add("", 0);

  /** Bounded: there are as many labels as the host has named models. */
  function modelLabel({ model, snapshot }: SettledCall): string | null {
    const id = snapshot ?? model;
    if (id === null) return null;
    return named.has(id) || watched.some(({ hasModel }) => hasModel(id)) ? id : OTHER;
  }

  function ended(call: SettledCall, { background }: BegunCall): void {
    const operation = call.operationId ?? OTHER;
    const model = modelLabel(call);
    if (!background) {
      requests.add(labelsOf({ operation, status: call.status, outcome: call.outcome }), 1);
      durations.observe(labelsOf({ operation, ...(model && { model }) }), call.durationMs / 1000);
    }
    if (model === null) return;
    const labels = labelsOf({ model });
    if (call.firstTokenMs !== null) firstTokens.observe(labels, call.firstTokenMs / 1000);
    if (call.cost !== null) cost.add(labels, call.cost);
    if (!call.usage) return;
    for (const name of Object.keys(TOKENS) as (keyof typeof TOKENS)[]) {
      const count = call.usage[name] ?? 0;
      if (count > 0) tokens.add(`${labels},${labelsOf({ kind: TOKENS[name] })}`, count);
    }
  }

  return {
    contentType: "text/plain; version=0.0.4; charset=utf-8",
    attach: (one) => void watched.push(one),
    begin(begun): Observation {
      if (begun.background) return { end: (call) => ended(call, begun) };
      const operation = labelsOf({ operation: begun.operationId ?? OTHER });
      const streamed = begun.request?.stream === true ? 1 : 0;
      open.add(operation, 1);
      streams.add("", streamed);
      return {
        end(call) {
          open.add(operation, -1);
          streams.add("", -streamed);
          ended(call, begun);
        },
      };
    },
    text() {
      const families = [requests, durations, firstTokens, tokens, cost, open, streams];
      const lines = [
        ...families.flatMap((family) => family.lines()),
        ...healthLines(watched.map((one) => one.health())),
      ];
      return `${lines.join("\n")}\n`;
    },
  };
}

/** Of several outlets, the one that is worst off. */
function healthLines(all: readonly Health[]): string[] {
  const up = (of: "store" | "ledger" | "limiter") => {
    const known = all.map((health) => health[of]).filter((state) => state !== null);
    return known.length === 0 ? null : Number(!known.includes("failing"));
  };
  const unsettled = all.reduce((sum, health) => sum + health.unsettled, 0);
  const ledger = up("ledger");
  return [
    ...gaugeLines(
      "outlet_up",
      "0 once the outlet was closed.",
      all.length && Number(all.every((health) => health.open)),
    ),
    ...gaugeLines("outlet_store_up", "0 when the last call of the store failed.", up("store")),
    ...gaugeLines("outlet_ledger_up", "0 when the last call of the ledger failed, or endings wait for it.", ledger),
    ...gaugeLines(
      "outlet_ledger_unsettled",
      "Calls that are over and not written yet.",
      ledger === null ? null : unsettled,
    ),
    ...gaugeLines("outlet_limiter_up", "0 while rate limits are not shared as they should be.", up("limiter")),
  ];
}
