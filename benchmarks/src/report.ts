import { cpus } from "node:os";
import type { Cores } from "./host/cores.ts";
import { MOCKS } from "./measure/mocks.ts";
import { slicesOf } from "./measure/throughput.ts";
import type { Samples } from "./samples.ts";
import type { Settings } from "./settings.ts";
import type { Summary } from "./stats.ts";
import type { Target } from "./targets.ts";

interface Column {
  head: string;
  /** Shown when one of these was measured. */
  of: string;
  cell: (target: string) => string;
}

const BASE = "pipe";
const NOTHING = "–";

/** The tables, their conditions and what there is to say about single cells, as Markdown. */
export function report(samples: Samples, settings: Settings, cores: Cores | null): string {
  return [conditions(settings, cores), gateways(samples, settings), mocks(samples), ...footnotes(samples)]
    .filter((part) => part !== "")
    .join("\n\n");
}

function conditions(settings: Settings, cores: Cores | null): string {
  const {
    rounds,
    fewRounds,
    manyRounds,
    seconds,
    rate,
    streamRate,
    connections,
    streamSlices,
    streamsAtATime,
    paceMs,
  } = settings;
  const shared = cores?.load === cores?.upstream ? "load and upstream on another" : "load and upstream on one each";
  return [
    `Node ${process.version}, ${cpus().length} cores, ${cores ? `target on one core, ${shared}` : "processes not pinned"}.`,
    rounds > 1
      ? `Medians of ${rounds} rounds (open streams: ${fewRounds}; p50, p99 and cancelled streams: ${manyRounds}), ± half the way from the lowest to the highest.`
      : "One round.",
    `Saturation: ${connections} connections, ${seconds} s a round in ${slicesOf(seconds)} slices. Fixed rates: ${rate} requests, ${streamRate} streams per second.`,
    `Chunks: ${streamsAtATime} streams at a time, chunks ${paceMs} ms apart, ${streamSlices} slices a round.`,
  ].join(" ");
}

function gateways(samples: Samples, { targets, open }: Settings): string {
  const columns = gatewayColumns(samples, open).filter(({ of }) => targets.some(({ name }) => samples.has(of, name)));
  if (columns.length === 0) return "";
  const rows = targets
    .map(({ name, label }) => [label, ...columns.map(({ cell }) => cell(name))])
    .filter(([, ...cells], i) => isInEverySection(targets[i]) || cells.some((cell) => cell !== NOTHING));
  return table(["", ...columns.map(({ head }) => head)], rows);
}

const isInEverySection = (target: Target | undefined) => target?.launch !== null && target?.only === undefined;

function gatewayColumns(samples: Samples, open: number[]): Column[] {
  const ratio = (measure: string) => (target: string) => withSpread(samples.ratio(measure, target, BASE));
  const added = (measure: string) => (target: string) => {
    const extra = samples.summary(`added ${measure}`, target);
    const pipes = samples.summary(`pipe's ${measure}`, target);
    if (extra === null || pipes === null) return NOTHING;
    const ms = withSpread(extra, 2, " ms");
    // What a pipe adds is a fraction of a millisecond: a round's quotient of two such differences would be noise.
    return pipes.median > 0 ? `${ms} (${(extra.median / pipes.median).toFixed(2)})` : ms;
  };
  const startUp = (target: string) => {
    const ms = samples.summary("start-up", target);
    return ms === null ? NOTHING : `${ms.median.toFixed(0)} ms (${ratio("start-up")(target)})`;
  };
  const streams = (count: number) => (target: string) => {
    const alive = Math.min(...samples.values(`alive of ${count}`, target).filter(Number.isFinite));
    if (alive === Number.POSITIVE_INFINITY) return NOTHING;
    const lost = alive === count ? "all alive" : `${alive} alive`;
    return `${lost}, ${withSpread(samples.ratio(`memory of ${count}`, target, BASE))}`;
  };
  return [
    { head: "requests per second", of: "requests per second", cell: ratio("requests per second") },
    { head: "CPU per 1,000 requests", of: "CPU per request", cell: ratio("CPU per request") },
    { head: "added p50", of: "added p50", cell: added("p50") },
    { head: "added p99", of: "added p99", cell: added("p99") },
    { head: "added time to first token", of: "added first token", cell: added("first token") },
    { head: "CPU per streamed chunk", of: "CPU per chunk", cell: ratio("CPU per chunk") },
    ...open.map((count) => ({
      head: `${count.toLocaleString("en")} open streams, memory`,
      of: `memory of ${count}`,
      cell: streams(count),
    })),
    { head: "cancelled streams, last stopped", of: "last stopped", cell: (target) => cancelled(samples, target) },
    { head: "start-up", of: "start-up", cell: startUp },
    { head: "installed", of: "size", cell: (target) => installed(samples, target) },
  ];
}

function cancelled(samples: Samples, target: string): string {
  const last = samples.summary("last stopped", target);
  const never = Math.max(0, ...samples.values("never stopped", target).filter(Number.isFinite));
  if (last === null) return never > 0 ? "never" : NOTHING;
  const ms = withSpread(last, 0, " ms");
  return never > 0 ? `${ms}; ${never} never` : ms;
}

function installed(samples: Samples, target: string): string {
  const size = samples.summary("size", target);
  const packages = samples.summary("packages", target)?.median ?? 0;
  if (size === null) return NOTHING;
  return `${(size.median / 1e6).toFixed(1)} MB, ${packages} ${packages === 1 ? "package" : "packages"}`;
}

function mocks(samples: Samples): string {
  const [own, other] = MOCKS;
  const measures = ["requests per second", "CPU per request", "chunks per second", "CPU per chunk", "start-up"];
  const rows = measures
    .filter((measure) => samples.has(`mock ${measure}`, own))
    .map((measure) => [measure, withSpread(samples.ratio(`mock ${measure}`, own, other)), "1.00"]);
  return rows.length === 0 ? "" : table(["", ...MOCKS.map((name) => `\`${name}\``)], rows);
}

function footnotes({ notes }: Samples): string[] {
  return notes.size === 0 ? [] : [[...notes].map((note) => `- ${note}`).join("\n")];
}

function withSpread(summary: Summary | null, digits = 2, unit = ""): string {
  if (summary === null) return NOTHING;
  const value = summary.median.toFixed(digits) + unit;
  return summary.rounds > 1 ? `${value} ±${summary.spread.toFixed(digits)}` : value;
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? "---" : "--:"))), ...rows.map(line)].join("\n");
}
