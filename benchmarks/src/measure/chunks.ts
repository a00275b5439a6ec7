import type { Bench } from "../bench.ts";
import { measuredLoop, times } from "../load/closed-loop.ts";
import { CHUNKS } from "../load/requests.ts";
import { measureInSlices } from "./slices.ts";

/** CPU time of a chunk that passes through, at a pace that keeps chunks apart. */
export async function measureChunks(bench: Bench): Promise<void> {
  const { settings, samples } = bench;
  const { streamsAtATime, paceMs } = settings;
  await measureInSlices(
    bench,
    "chunks",
    "paced",
    settings.streamSlices,
    async (server, { label }) => {
      const load = () => times(streamsAtATime, server.request("paced", paceMs));
      const stagger = { staggerMs: 1 };
      const measured = await measuredLoop(server, streamsAtATime, server.request("brief"), load, stagger);
      const { replies, seconds, cpuSeconds } = measured;
      if (cpuSeconds / seconds > 0.9) {
        samples.note(
          `${label}: busy all the time at this pace of chunks, so chunks were put together on the way; its CPU per chunk is a lower bound.`,
        );
      }
      return { "CPU per chunk": cpuSeconds / (replies * CHUNKS) };
    },
    { skip: ["direct"] },
  );
}
