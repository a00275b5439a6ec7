import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, type Running, startUpstream } from "../fleet.ts";
import { divideCores, pinSelf } from "../host/cores.ts";
import { freePort, pathOf, stop } from "../host/process.ts";
import { closedLoop, forSeconds, measuredLoop, times } from "../load/closed-loop.ts";
import { chatRequest } from "../load/requests.ts";
import { SLICE_SECONDS } from "../measure/throughput.ts";
import { quantile } from "../stats.ts";

const CONNECTIONS = 64;
/** Until an outlet's code is as fast as it gets. */
const WARM_UP = 30_000;

export interface Cost {
  readonly variant: string;
  /** Microseconds of CPU of the outlet's process for a request; in the middle of all slices. */
  readonly cpu: number;
  /** Beside the neighbouring slice with all off: the quartiles of the ratios. */
  readonly ratios: readonly [low: number, middle: number, high: number];
}

interface Measured {
  readonly variant: string;
  readonly server: Running;
  readonly cpu: number[];
  readonly ratios: number[];
}

/**
 * What keys, limits and a ledger cost an outlet that relays whole answers of an upstream: each variant in a process of its own, in turn with the
 * first, which has all of it off.
 */
export async function measureCosts(variants: readonly string[], rounds: number, postgres: string): Promise<Cost[]> {
  const folder = await mkdtemp(join(tmpdir(), "outlet-bench-"));
  const cores = divideCores();
  const upstream = await startUpstream(cores);
  if (cores) pinSelf(cores.load);
  const all: Measured[] = [];
  try {
    for (const [i, variant] of variants.entries()) {
      const target = { file: pathOf("./target.ts", import.meta.url), args: [variant, join(folder, `${i}.db`), postgres] };
      const request = () => chatRequest({}, "plain");
      const server = await launch(target, await freePort(), request, upstream.origin, cores);
      all.push({ variant, server, cpu: [], ratios: [] });
      await closedLoop(server.port, CONNECTIONS, times(WARM_UP, request()));
    }
    const [off, ...others] = all as [Measured, ...Measured[]];
    for (let round = 0; round < rounds; round += 1) {
      for (const other of others) {
        // Which comes first takes turns.
        const order = round % 2 === 0 ? [off, other] : [other, off];
        for (const { server, cpu } of order) cpu.push(await sliceOf(server));
        other.ratios.push((other.cpu.at(-1) as number) / (off.cpu.at(-1) as number));
      }
    }
    return all.map(({ variant, cpu, ratios }) => ({
      variant,
      cpu: quantile(cpu, 0.5),
      ratios: [quantile(ratios, 0.25), quantile(ratios, 0.5), quantile(ratios, 0.75)],
    }));
  } finally {
    for (const { server } of all) await server.stop();
    await stop(upstream.child);
    await rm(folder, { recursive: true });
  }
}

/** Microseconds of CPU for a request. */
async function sliceOf(server: Running): Promise<number> {
  const request = server.request("plain");
  const load = () => forSeconds(SLICE_SECONDS, request);
  const { cpuSeconds, replies } = await measuredLoop(server, CONNECTIONS, request, load);
  return (cpuSeconds / replies) * 1e6;
}
