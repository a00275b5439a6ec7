import type { Bench } from "../bench.ts";
import { closedLoop, times } from "../load/closed-loop.ts";
import { CHUNKS } from "../load/requests.ts";

/** CPU time of a chunk that passes through, at a pace that keeps chunks apart. */
export async function measureChunks(bench: Bench): Promise<void> {
  const { settings, samples } = bench;
  const { streams, streamsAtATime, paceMs } = settings;
  await bench.interleave(
    "chunks",
    settings.rounds,
    async (target, round) => {
      const server = await bench.running(target);
      const before = await server.vitals();
      const began = performance.now();
      const next = times(streams, server.request("paced", paceMs));
      const replies = await closedLoop(server.port, streamsAtATime, next, { staggerMs: 1 });
      const seconds = (performance.now() - began) / 1000;
      const cpuSeconds = ((await server.vitals()).cpuMicros - before.cpuMicros) / 1e6;
      samples.add("CPU per chunk", target.name, round, cpuSeconds / (replies * CHUNKS));
      if (cpuSeconds / seconds > 0.9) {
        samples.note(
          `${target.label}: busy all the time at this pace of chunks, so chunks were put together on the way; its CPU per chunk is a lower bound.`,
        );
      }
    },
    ["direct"],
  );
}
