import { launch, type Running, startUpstream } from "../fleet.ts";
import { divideCores, pinSelf } from "../host/cores.ts";
import { freePort, stop } from "../host/process.ts";
import { closedLoop, forSeconds, inTurns, measuredLoop, times } from "../load/closed-loop.ts";
import { chatRequest } from "../load/requests.ts";
import { SLICE_SECONDS } from "../measure/throughput.ts";
import { quantile } from "../stats.ts";
import type { Launch } from "../targets.ts";

const CONNECTIONS = 64;
/** Until an outlet's code is as fast as it gets. */
const WARM_UP = 30_000;

/** One way to run an outlet. */
export interface Variant {
  readonly name: string;
  readonly launch: Launch;
  /** Keys that it is asked with, in turns; default: one. */
  readonly keys?: readonly string[];
}

export interface Cost {
  readonly variant: string;
  /** Microseconds of CPU of the outlet's process for a request; in the middle of all slices. */
  readonly cpu: number;
  /** Beside the slice of the first in the same round: the quartiles of the ratios. */
  readonly ratios: readonly [low: number, middle: number, high: number];
}

interface Measured {
  readonly variant: string;
  readonly server: Running;
  readonly requests: readonly Buffer[];
  readonly cpu: number[];
  readonly ratios: number[];
}

/**
 * What variants of an outlet cost that relays whole answers of an upstream: each in a process of its own, all asked in turns and as often as
 * each other. One that is asked more often than the rest is faster by that alone.
 */
export async function measureVariants(variants: readonly Variant[], rounds: number): Promise<Cost[]> {
  const cores = divideCores();
  const upstream = await startUpstream(cores);
  if (cores) pinSelf(cores.load);
  const all: Measured[] = [];
  try {
    for (const variant of variants) {
      const requests = requestsOf(variant);
      const [first] = requests as [Buffer];
      const server = await launch(variant.launch, await freePort(), () => first, upstream.origin, cores);
      all.push({ variant: variant.name, server, requests, cpu: [], ratios: [] });
      await closedLoop(server.port, CONNECTIONS, inTurns(requests, times(WARM_UP, first)));
    }
    const [first] = all as [Measured, ...Measured[]];
    for (let round = 0; round < rounds; round += 1) {
      // Which comes first takes turns.
      const at = round % all.length;
      for (const one of [...all.slice(at), ...all.slice(0, at)]) one.cpu.push(await sliceOf(one));
      for (const { cpu, ratios } of all) ratios.push((cpu.at(-1) as number) / (first.cpu.at(-1) as number));
    }
    return all.map(({ variant, cpu, ratios }) => ({
      variant,
      cpu: quantile(cpu, 0.5),
      ratios: [quantile(ratios, 0.25), quantile(ratios, 0.5), quantile(ratios, 0.75)],
    }));
  } finally {
    for (const { server } of all) await server.stop();
    await stop(upstream.child);
  }
}

function requestsOf({ keys }: Variant): Buffer[] {
  return keys?.map((key) => chatRequest({ authorization: `Bearer ${key}` }, "plain")) ?? [chatRequest({}, "plain")];
}

/** Microseconds of CPU for a request. */
async function sliceOf({ server, requests }: Measured): Promise<number> {
  const [first] = requests as [Buffer];
  const load = () => inTurns(requests, forSeconds(SLICE_SECONDS, first));
  const { cpuSeconds, replies } = await measuredLoop(server, CONNECTIONS, first, load);
  return (cpuSeconds / replies) * 1e6;
}
