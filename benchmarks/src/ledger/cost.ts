import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startUpstream } from "../fleet.ts";
import { divideCores, pinSelf } from "../host/cores.ts";
import { ask } from "../host/ipc.ts";
import { pathOf, startNode, stop } from "../host/process.ts";
import { closedLoop, times } from "../load/closed-loop.ts";
import { chatRequest } from "../load/requests.ts";
import { quantile } from "../stats.ts";

const CONNECTIONS = 64;
/** Requests of a slice: short, so that what else the machine does falls on neighbours alike. */
const SLICE = 400;
/** Until an outlet's code is as fast as it gets. */
const WARM_UP = 10_000;

export interface Cost {
  readonly variant: string;
  /** Microseconds of CPU of the outlet's process for a request; in the middle of all slices. */
  readonly cpu: number;
  /** Beside the neighbouring slice with all off: the quartiles of the ratios. */
  readonly ratios: readonly [low: number, middle: number, high: number];
}

interface Target {
  readonly variant: string;
  readonly child: ChildProcess;
  readonly port: number;
  readonly cpu: number[];
  readonly ratios: number[];
}

/**
 * What keys, limits and a ledger cost an outlet that relays whole answers of an upstream: each variant in a process of its own, in turn with the
 * first, which has all of it off.
 */
export async function measureCosts(
  variants: readonly string[],
  rounds: number,
  environment: Record<string, string>,
): Promise<Cost[]> {
  const folder = await mkdtemp(join(tmpdir(), "outlet-bench-"));
  const cores = divideCores();
  if (cores) pinSelf(cores.load);
  const upstream = await startUpstream(cores);
  const targets: Target[] = [];
  try {
    for (const [i, variant] of variants.entries()) {
      const env = {
        BENCH_FILE: join(folder, `${i}.db`),
        ...environment,
        BENCH_VARIANT: variant,
        UPSTREAM: upstream.origin,
      };
      const child = startNode(pathOf("./target.ts", import.meta.url), cores?.target, { env });
      const [{ port }] = (await once(child, "message")) as [{ port: number }];
      targets.push({ variant, child, port, cpu: [], ratios: [] });
    }
    const [off, ...others] = targets as [Target, ...Target[]];
    for (const { port } of targets) await closedLoop(port, CONNECTIONS, times(WARM_UP, chatRequest({}, "plain")));
    for (let round = 0; round < rounds; round += 1) {
      for (const target of others) {
        // Which comes first takes turns.
        const order = round % 2 === 0 ? [off, target] : [target, off];
        for (const one of order) one.cpu.push(await sliceOf(one));
        target.ratios.push((target.cpu.at(-1) as number) / (off.cpu.at(-1) as number));
      }
    }
    return targets.map(({ variant, cpu, ratios }) => ({
      variant,
      cpu: quantile(cpu, 0.5),
      ratios: [quantile(ratios, 0.25), quantile(ratios, 0.5), quantile(ratios, 0.75)],
    }));
  } finally {
    for (const { child } of targets) await stop(child);
    await stop(upstream.child);
    await rm(folder, { recursive: true });
  }
}

async function sliceOf({ child, port }: Target): Promise<number> {
  const before = await ask<NodeJS.CpuUsage>(child, {});
  await closedLoop(port, CONNECTIONS, times(SLICE, chatRequest({}, "plain")));
  const after = await ask<NodeJS.CpuUsage>(child, {});
  return (after.user + after.system - before.user - before.system) / SLICE;
}
