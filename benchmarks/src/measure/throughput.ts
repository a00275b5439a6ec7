import type { Bench } from "../bench.ts";
import { closedLoop, forSeconds } from "../load/closed-loop.ts";

/** Requests per second at saturation, and the CPU time of a request. */
export async function measureThroughput(bench: Bench): Promise<void> {
  const { settings, samples } = bench;
  await bench.interleave("throughput", settings.rounds, async (target, round) => {
    const server = await bench.running(target);
    const before = await server.vitals();
    const began = performance.now();
    const next = forSeconds(settings.seconds, server.request("plain"));
    const replies = await closedLoop(server.port, settings.connections, next);
    const seconds = (performance.now() - began) / 1000;
    const cpuSeconds = ((await server.vitals()).cpuMicros - before.cpuMicros) / 1e6;
    samples.add("requests per second", target.name, round, replies / seconds);
    samples.add("CPU per request", target.name, round, cpuSeconds / replies);
    samples.add("core in use", target.name, round, cpuSeconds / seconds);
  });
  noteCeiling(bench);
}

/** The load shares a core with the upstream: says so where that core, not the target's, may have set the pace. */
function noteCeiling({ samples, settings }: Bench): void {
  const ceiling = samples.summary("requests per second", "direct")?.median ?? Number.NaN;
  for (const { name, label } of settings.targets) {
    if (name === "direct") continue;
    const rate = samples.summary("requests per second", name)?.median ?? Number.NaN;
    const inUse = samples.summary("core in use", name)?.median ?? Number.NaN;
    if (inUse >= 0.9 && ceiling >= rate * 1.5) continue;
    const why = `its core was in use for ${Math.round(inUse * 100)}% of the time, and the load and the upstream alone reach ${(ceiling / rate).toFixed(1)} times its rate`;
    if (Number.isFinite(rate)) samples.note(`${label}: requests per second are a lower bound; ${why}.`);
  }
}
