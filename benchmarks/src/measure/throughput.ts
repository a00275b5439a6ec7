import type { Bench } from "../bench.ts";
import type { Running } from "../fleet.ts";
import { forSeconds, measuredLoop } from "../load/closed-loop.ts";
import { median } from "../stats.ts";
import type { Target } from "../targets.ts";
import { measureInSlices } from "./slices.ts";

/** Long enough for several collections of garbage, short enough for a noisy machine to stay as it is. */
export const SLICE_SECONDS = 0.2;

/** How many slices a round has, for so many seconds of load. */
export const slicesOf = (seconds: number): number => Math.max(1, Math.round(seconds / SLICE_SECONDS));

/** Requests per second at saturation, and the CPU time of a request. */
export async function measureThroughput(bench: Bench): Promise<void> {
  const { seconds, connections } = bench.settings;
  const inUse = new Map<string, number[]>();
  const sliceSeconds = Math.min(seconds, SLICE_SECONDS);
  const measure = async (server: Running, { name }: Target) => {
    const request = server.request("plain");
    const load = () => forSeconds(sliceSeconds, request);
    const { replies, seconds, cpuSeconds } = await measuredLoop(server, connections, request, load);
    inUse.set(name, [...(inUse.get(name) ?? []), cpuSeconds / seconds]);
    return { "requests per second": replies / seconds, "CPU per request": cpuSeconds / replies };
  };
  await measureInSlices(bench, "throughput", "plain", slicesOf(seconds), measure, { newProcesses: true });
  noteCeiling(bench, (target) => median(inUse.get(target) ?? []));
}

/** The load shares a core with the upstream: says so where that core, not the target's, may have set the pace. */
function noteCeiling({ samples, settings }: Bench, coreInUse: (target: string) => number): void {
  const ceiling = samples.summary("requests per second", "direct")?.median ?? Number.NaN;
  for (const { name, label } of settings.targets) {
    if (name === "direct") continue;
    const rate = samples.summary("requests per second", name)?.median ?? Number.NaN;
    const inUse = coreInUse(name);
    if (inUse >= 0.9 && ceiling >= rate * 1.5) continue;
    const why = `its core was in use for ${Math.round(inUse * 100)}% of the time, and the load and the upstream alone reach ${(ceiling / rate).toFixed(1)} times its rate`;
    if (Number.isFinite(rate)) samples.note(`${label}: requests per second are a lower bound; ${why}.`);
  }
}
