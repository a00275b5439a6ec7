import type { ChildProcess } from "node:child_process";
import type { Cores } from "./host/cores.ts";
import { ask, type Vitals } from "./host/ipc.ts";
import { freePort, pathOf, startNode, stop } from "./host/process.ts";
import { expectOk } from "./load/closed-loop.ts";
import { openConnection } from "./load/connection.ts";
import { chatRequest, type Order } from "./load/requests.ts";
import type { Launch, Target } from "./targets.ts";

const PRELOAD = new URL("./host/vitals.ts", import.meta.url).href;
const PATIENCE_MS = 20_000;

export interface Upstream {
  port: number;
  origin: string;
  child: ChildProcess;
}

/** A target that runs, with the requests it understands. */
export interface Running {
  port: number;
  /** From the start of the process to the end of its first reply, in milliseconds. */
  startMs: number;
  request: (order: Order, number?: number) => Buffer;
  vitals: () => Promise<Vitals>;
  alive: () => boolean;
  stop: () => Promise<void>;
}

export async function startUpstream(cores: Cores | null): Promise<Upstream> {
  const port = await freePort();
  const file = pathOf("./upstream/server.ts", import.meta.url);
  const child = startNode(file, cores?.upstream, { env: { PORT: String(port) } });
  await firstReply(port, chatRequest({}, "plain"), child);
  return { port, origin: `http://127.0.0.1:${port}`, child };
}

/** Starts a target in front of the upstream; resolves when it has answered a request. */
export async function startTarget(target: Target, upstream: Upstream, cores: Cores | null): Promise<Running> {
  const headers = target.headers?.(upstream.origin) ?? {};
  const request = (order: Order, number?: number) => chatRequest(headers, order, number);
  if (target.launch === null) {
    const vitals = async () => ({ cpuMicros: Number.NaN, rss: Number.NaN });
    return { port: upstream.port, startMs: Number.NaN, request, vitals, alive: () => true, stop: async () => {} };
  }
  const port = await freePort();
  return launch(await target.launch(port), port, request, upstream.origin, cores);
}

export async function launch(
  { file, args }: Launch,
  port: number,
  request: Running["request"],
  upstreamOrigin: string,
  cores: Cores | null,
): Promise<Running> {
  const began = performance.now();
  const env = { PORT: String(port), UPSTREAM: upstreamOrigin };
  const child = startNode(file, cores?.target, { args: args ?? [], env, preload: PRELOAD });
  await firstReply(port, request("plain"), child);
  return {
    port,
    startMs: performance.now() - began,
    request,
    vitals: () => ask<Vitals>(child, {}),
    alive: () => child.exitCode === null && child.signalCode === null,
    stop: () => stop(child),
  };
}

/** Tries to connect until somebody listens, then asks once. */
async function firstReply(port: number, request: Buffer, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      const connection = await openConnection(port);
      const status = await connection.send(request);
      connection.destroy();
      return expectOk(status);
    } catch (error) {
      const refused = (error as NodeJS.ErrnoException).code === "ECONNREFUSED";
      if (!refused || child.exitCode !== null || performance.now() > deadline) {
        await stop(child);
        const cause = refused ? "did not start" : (error as Error).message;
        throw new Error(`${cause}; BENCH_VERBOSE=1 shows what it says`);
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}
