import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ask } from "../host/ipc.ts";
import { freePort, pathOf, startNode, stop } from "../host/process.ts";
import { expectOk, openMany, times } from "../load/closed-loop.ts";
import type { Connection } from "../load/connection.ts";
import { median, quantile } from "../stats.ts";
import { type Storing, storingRequest } from "./storing-request.ts";

/** Requests of a slice; fewer where one at a time waits for a stream of an upstream's, a chunk a millisecond. */
const REQUESTS = 1_000;
const REQUESTS_IN_PACE = 50;
/** Slices before those that count: V8 takes 20,000 requests to compile what they run, and fewer where each is a stream of 64 chunks. */
const WARM_SLICES = { whole: 24, streamed: 6 };

export interface StoringCost {
  /** CPU milliseconds of the outlet's process for 1,000 requests. */
  readonly stored: number;
  readonly notStored: number;
  /** Of the ratios of neighbouring slices, the one in the middle. */
  readonly ratio: number;
  readonly quartiles: readonly [number, number];
}

export interface StoringOptions {
  /** Requests under way at any time. */
  readonly connections: number;
  /** Pairs of slices, one of which stores. */
  readonly pairs: number;
  /** Where the upstream is; "" where the models are functions. */
  readonly upstreamOrigin: string;
  /** The outlet's own, if any. */
  readonly core: number | undefined;
}

/** What `store: true` costs an outlet's process on SQLite, beside the same requests with `store: false`. */
export async function measureStoring(
  storing: Storing,
  { connections, pairs, upstreamOrigin, core }: StoringOptions,
): Promise<StoringCost> {
  const requests = connections === 1 && storing.stream && upstreamOrigin !== "" ? REQUESTS_IN_PACE : REQUESTS;
  const folder = await mkdtemp(join(tmpdir(), "outlet-bench-"));
  const port = await freePort();
  const env = { PORT: String(port), BENCH_FILE: join(folder, "outlet.db"), UPSTREAM: upstreamOrigin };
  const target = startNode(pathOf("./storing-target.ts", import.meta.url), core, { env });
  try {
    await once(target, "message");
    const open = await openMany(port, connections);
    const slice = async (store: boolean) => {
      const before = await ask<NodeJS.CpuUsage>(target, {});
      await send(open, times(requests, storingRequest(storing, store)));
      const after = await ask<NodeJS.CpuUsage>(target, {});
      return (after.user + after.system - before.user - before.system) / requests;
    };
    const costs: { stored: number; notStored: number }[] = [];
    const warmPairs = (storing.stream ? WARM_SLICES.streamed : WARM_SLICES.whole) / 2;
    for (let pair = -warmPairs; pair < pairs; pair += 1) {
      // Which comes first takes turns.
      const first = await slice(pair % 2 === 0);
      const second = await slice(pair % 2 !== 0);
      const [stored, notStored] = pair % 2 === 0 ? [first, second] : [second, first];
      if (pair >= 0) costs.push({ stored, notStored });
    }
    for (const connection of open) connection.destroy();
    const ratios = costs.map(({ stored, notStored }) => stored / notStored);
    return {
      stored: median(costs.map(({ stored }) => stored)),
      notStored: median(costs.map(({ notStored }) => notStored)),
      ratio: median(ratios),
      quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
    };
  } finally {
    await stop(target);
    await rm(folder, { recursive: true });
  }
}

async function send(open: readonly Connection[], next: () => Buffer | null): Promise<void> {
  const work = async (connection: Connection) => {
    for (let request = next(); request !== null; request = next()) expectOk(await connection.send(request));
  };
  await Promise.all(open.map(work));
}
