import type { Bench } from "../bench.ts";
import { fixedRate } from "../load/fixed-rate.ts";
import { quantile } from "../stats.ts";

/** How long a reply takes at a rate that leaves every target idle most of the time. */
export async function measureLatency(bench: Bench): Promise<void> {
  const { settings, samples } = bench;
  await bench.interleave("latency", settings.rounds * settings.fixedRateTurns, async (target, round) => {
    const server = await bench.running(target);
    const times = await fixedRate({
      port: server.port,
      request: server.request("plain"),
      perSecond: settings.rate,
      seconds: settings.fixedRateSeconds,
      until: "end",
    });
    samples.add("p50", target.name, round, quantile(times, 0.5));
    samples.add("p99", target.name, round, quantile(times, 0.99));
  });
}

/** How long the first byte of a stream takes, from an upstream that sends it at once. */
export async function measureFirstToken(bench: Bench): Promise<void> {
  const { settings, samples } = bench;
  await bench.interleave("first token", settings.rounds * settings.fixedRateTurns, async (target, round) => {
    const server = await bench.running(target);
    const times = await fixedRate({
      port: server.port,
      request: server.request("brief"),
      perSecond: settings.streamRate,
      seconds: settings.fixedRateSeconds,
      until: "first-byte",
    });
    samples.add("first token", target.name, round, quantile(times, 0.5));
  });
}
