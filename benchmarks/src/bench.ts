import { type Running, startTarget, type Upstream } from "./fleet.ts";
import type { Cores } from "./host/cores.ts";
import { checkReplies } from "./load/check.ts";
import { closedLoop, forSeconds, times } from "./load/closed-loop.ts";
import type { Order } from "./load/requests.ts";
import type { Samples } from "./samples.ts";
import type { Settings } from "./settings.ts";
import type { Target } from "./targets.ts";

/** What every measurement works with. */
export interface Bench {
  settings: Settings;
  cores: Cores | null;
  upstream: Upstream;
  samples: Samples;
  /** The target's process, warm; started when first asked for, and again when it has died. */
  running(target: Target): Promise<Running>;
  /** What V8 has put away of an idle process's code comes back: some of these requests, before a section's turns with the target. */
  wake(target: Target, order: Order): Promise<void>;
  /** A process of its own, started for this call. The caller stops it. */
  fresh(target: Target): Promise<Running>;
  /** Runs `measure` for each target in each round, every round beginning with another target. */
  interleave(
    section: string,
    rounds: number,
    measure: (target: Target, round: number) => Promise<void>,
    skip?: readonly string[],
  ): Promise<void>;
  /** Says that a target failed in a section, and stops it: its next measurement begins with a new process. */
  failed(section: string, target: Target, error: Error): Promise<void>;
  stopAll(): Promise<void>;
}

export function createBench(settings: Settings, cores: Cores | null, upstream: Upstream, samples: Samples): Bench {
  const warm = new Map<string, Running>();
  const fresh = (target: Target) => startTarget(target, upstream, cores);
  const failed = async (section: string, target: Target, error: Error) => {
    samples.note(`${section}: ${target.label} failed in a round (${error.message}).`);
    const server = warm.get(target.name);
    warm.delete(target.name);
    await server?.stop();
  };
  return {
    settings,
    cores,
    upstream,
    samples,
    fresh,
    failed,
    async running(target) {
      const server = warm.get(target.name);
      if (server?.alive()) return server;
      const started = await fresh(target);
      warm.set(target.name, started);
      await checkReplies(started);
      await warmUp(started, settings);
      return started;
    },
    async wake(target, order) {
      const { port, request } = await this.running(target);
      const { connections, wakeRequests, streamsAtATime } = settings;
      if (order === "paced") {
        await closedLoop(port, streamsAtATime, times(3 * streamsAtATime, request("paced", 2)));
        return;
      }
      await closedLoop(port, connections, times(wakeRequests, request(order)));
      await closedLoop(port, 1, times(wakeRequests / 50, request(order)));
    },
    async interleave(section, rounds, measure, skip = []) {
      const targets = settings.targets.filter(({ name, only = section }) => only === section && !skip.includes(name));
      for (let round = 0; round < rounds; round++) {
        console.error(`${section}: round ${round + 1} of ${rounds}`);
        const first = round % targets.length;
        for (const target of [...targets.slice(first), ...targets.slice(0, first)]) {
          try {
            await measure(target, round);
          } catch (error) {
            await failed(section, target, error as Error);
          }
        }
      }
    },
    async stopAll() {
      for (const server of warm.values()) await server.stop();
      warm.clear();
    },
  };
}

const WARM_TURNS = 3;

/**
 * Until its code is compiled: whole replies and streams, many at a time and one after the other, in turns. A server that is
 * idle between two requests runs other code than a busy one (connections that wait, open and close), and what was compiled for
 * the one is thrown away at the other's first appearance.
 */
async function warmUp(
  server: Running,
  { warmSeconds, warmRequests, warmStreams, connections, streamsAtATime }: Settings,
): Promise<void> {
  const [turnSeconds, turnRequests] = [warmSeconds / WARM_TURNS, warmRequests / WARM_TURNS];
  for (let turn = 0; turn < WARM_TURNS; turn++) {
    await closedLoop(server.port, connections, forSeconds(turnSeconds, server.request("plain"), turnRequests));
    await closedLoop(server.port, 1, forSeconds(turnSeconds / 5, server.request("plain")));
    await closedLoop(server.port, 1, forSeconds(turnSeconds / 20, server.request("brief")));
    await closedLoop(server.port, connections, times(warmStreams / WARM_TURNS, server.request("brief")));
    await closedLoop(server.port, streamsAtATime, times(streamsAtATime, server.request("paced", 2)));
  }
}
