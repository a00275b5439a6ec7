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
  /** Of the ratios of neighbouring measurements, the one in the middle. */
  readonly ratio: number;
  readonly quartiles: readonly [number, number];
}

export interface StoringOptions {
  /** Requests under way at any time. */
  readonly connections: number;
  /** Pairs of measurements, one of which stores. */
  readonly pairs: number;
  /** Where the upstream is; "" where the models are functions. */
  readonly upstreamOrigin: string;
  /** The outlet's own, if any. */
  readonly core: number | undefined;
}

/** What `store: true` costs an outlet's process on SQLite, beside the same requests with `store: false`: in slices, once all is compiled. */
export async function measureStoring(storing: Storing, options: StoringOptions): Promise<[StoringCost]> {
  const { connections, pairs, upstreamOrigin } = options;
  const requests = connections === 1 && storing.stream && upstreamOrigin !== "" ? REQUESTS_IN_PACE : REQUESTS;
  const warmPairs = (storing.stream ? WARM_SLICES.streamed : WARM_SLICES.whole) / 2;
  return withTarget(options, async ({ cpu, send }) => {
    const slice = async (store: boolean) => {
      const before = await cpu();
      await send(requests, storingRequest(storing, store));
      return ((await cpu()) - before) / requests;
    };
    await inPairs(warmPairs, slice);
    return [costOf(await inPairs(pairs, slice))];
  });
}

/** The same of processes that start, get 1,000 requests and no more: of all that they do, and without their start. */
export async function measureRuns(storing: Storing, options: StoringOptions): Promise<[StoringCost, StoringCost]> {
  const run = (store: boolean) =>
    withTarget(options, async ({ cpu, send }) => {
      const start = await cpu();
      await send(REQUESTS, storingRequest(storing, store));
      const all = await cpu();
      return { all: all / REQUESTS, requests: (all - start) / REQUESTS };
    });
  const pairs = await inPairs(options.pairs, run);
  const only = (part: "all" | "requests") =>
    costOf(pairs.map(({ stored, notStored }) => ({ stored: stored[part], notStored: notStored[part] })));
  return [only("all"), only("requests")];
}

interface Target {
  /** CPU microseconds since its start. */
  cpu(): Promise<number>;
  send(count: number, request: Buffer): Promise<void>;
}

async function withTarget<Result>(
  { connections, upstreamOrigin, core }: StoringOptions,
  work: (target: Target) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "outlet-bench-"));
  const port = await freePort();
  const env = { PORT: String(port), BENCH_FILE: join(folder, "outlet.db"), UPSTREAM: upstreamOrigin };
  const child = startNode(pathOf("./storing-target.ts", import.meta.url), core, { env });
  try {
    await once(child, "message");
    const open = await openMany(port, connections);
    const result = await work({
      async cpu() {
        const { user, system } = await ask<NodeJS.CpuUsage>(child, {});
        return user + system;
      },
      send: (count, request) => sendAll(open, times(count, request)),
    });
    for (const connection of open) connection.destroy();
    return result;
  } finally {
    await stop(child);
    await rm(folder, { recursive: true });
  }
}

interface Pair<Reading> {
  readonly stored: Reading;
  readonly notStored: Reading;
}

/** Which comes first takes turns. */
async function inPairs<Reading>(
  count: number,
  measure: (store: boolean) => Promise<Reading>,
): Promise<Pair<Reading>[]> {
  const pairs: Pair<Reading>[] = [];
  for (let pair = 0; pair < count; pair += 1) {
    const first = await measure(pair % 2 === 0);
    const second = await measure(pair % 2 !== 0);
    pairs.push(pair % 2 === 0 ? { stored: first, notStored: second } : { stored: second, notStored: first });
  }
  return pairs;
}

function costOf(pairs: readonly Pair<number>[]): StoringCost {
  const ratios = pairs.map(({ stored, notStored }) => stored / notStored);
  return {
    stored: median(pairs.map(({ stored }) => stored)),
    notStored: median(pairs.map(({ notStored }) => notStored)),
    ratio: median(ratios),
    quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
  };
}

async function sendAll(open: readonly Connection[], next: () => Buffer | null): Promise<void> {
  const work = async (connection: Connection) => {
    for (let request = next(); request !== null; request = next()) expectOk(await connection.send(request));
  };
  await Promise.all(open.map(work));
}
