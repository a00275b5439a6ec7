import type { Bench } from "../bench.ts";
import { ask, sharedNow } from "../host/ipc.ts";
import { openMany } from "../load/closed-loop.ts";

const PATIENCE_MS = 10_000;

/** Streams that are all cancelled at once: how long until the upstream has seen the last of them stopped. */
export async function measureCancelling(bench: Bench): Promise<void> {
  const { settings, samples, upstream } = bench;
  const { cancelled } = settings;
  await bench.interleave("cancelling", settings.manyRounds, async (target, round) => {
    const server = await bench.running(target);
    await ask(upstream.child, { ask: "stopped", count: 0, withinMs: 0 });
    const connections = await openMany(server.port, cancelled);
    await Promise.all(
      connections.map(
        (connection, number) =>
          new Promise<void>((resolve, reject) => {
            const onBody = (_bytes: Buffer, status: number) =>
              status === 200 ? resolve() : reject(new Error(`a stream had status ${status}`));
            connection.send(server.request("endless", number), onBody).catch(reject);
          }),
      ),
    );
    const seen = ask<[number, number][]>(upstream.child, { ask: "stopped", count: cancelled, withinMs: PATIENCE_MS });
    const leftAt = connections.map((connection) => {
      connection.destroy();
      return sharedNow();
    });
    const waits = (await seen).map(([number, at]) => at - (leftAt[number] ?? Number.NaN));
    samples.add("never stopped", target.name, round, cancelled - waits.length);
    samples.add("last stopped", target.name, round, waits.length === 0 ? Number.NaN : Math.max(...waits));
  });
}
