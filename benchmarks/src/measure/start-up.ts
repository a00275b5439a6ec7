import type { Bench } from "../bench.ts";

/** From the start of the process to the end of its first reply. */
export async function measureStartUp(bench: Bench): Promise<void> {
  await bench.interleave(
    "start-up",
    bench.settings.rounds,
    async (target, round) => {
      const server = await bench.fresh(target);
      bench.samples.add("start-up", target.name, round, server.startMs);
      await server.stop();
    },
    ["direct"],
  );
}
