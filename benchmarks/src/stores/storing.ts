import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ask } from "../host/ipc.ts";
import { freePort, pathOf, startNode, stop } from "../host/process.ts";
import { closedLoop, times } from "../load/closed-loop.ts";
import { chatBody } from "../load/requests.ts";
import { median } from "../stats.ts";

const ROUNDS = 5;
const REQUESTS = 1_000;
const CONNECTIONS = 16;
/** An upstream's chunks come a millisecond apart: most of a stream's time is waiting, so more are open. */
const PACED_CONNECTIONS = 64;

export interface StoringCost {
  /** CPU milliseconds of the outlet's process for 1,000 requests. */
  readonly stored: number;
  readonly notStored: number;
  /** Of the rounds' ratios, the one in the middle. */
  readonly ratio: number;
}

/**
 * What `store: true` costs an outlet's process on SQLite, beside the same requests with `store: false`. The models are functions, or behind
 * the upstream with this origin.
 */
export async function measureStoring(stream: boolean, upstreamOrigin = ""): Promise<StoringCost> {
  const connections = stream && upstreamOrigin !== "" ? PACED_CONNECTIONS : CONNECTIONS;
  const folder = await mkdtemp(join(tmpdir(), "outlet-bench-"));
  const port = await freePort();
  const env = { PORT: String(port), BENCH_FILE: join(folder, "outlet.db"), UPSTREAM: upstreamOrigin };
  const target = startNode(pathOf("./storing-target.ts", import.meta.url), undefined, { env });
  try {
    await once(target, "message");
    const cpu = async (store: boolean) => {
      const before = await ask<NodeJS.CpuUsage>(target, {});
      await closedLoop(port, connections, times(REQUESTS, request(store, stream)));
      const after = await ask<NodeJS.CpuUsage>(target, {});
      return (after.user + after.system - before.user - before.system) / 1000;
    };
    const rounds: { stored: number; notStored: number }[] = [];
    for (let round = -2; round < ROUNDS; round += 1) {
      // Which comes first takes turns; two rounds warm up.
      const first = await cpu(round % 2 === 0);
      const second = await cpu(round % 2 !== 0);
      const [stored, notStored] = round % 2 === 0 ? [first, second] : [second, first];
      if (round >= 0) rounds.push({ stored, notStored });
    }
    return {
      stored: median(rounds.map(({ stored }) => stored)),
      notStored: median(rounds.map(({ notStored }) => notStored)),
      ratio: median(rounds.map(({ stored, notStored }) => stored / notStored)),
    };
  } finally {
    await stop(target);
    await rm(folder, { recursive: true });
  }
}

function request(store: boolean, stream: boolean): Buffer {
  const body = JSON.stringify({
    ...JSON.parse(chatBody(stream ? "paced" : "plain")),
    model: stream ? "streamer" : "bench",
    stream,
    store,
    metadata: { customer: "c42", team: "t3" },
  });
  const head = [
    "POST /v1/chat/completions HTTP/1.1",
    "host: 127.0.0.1",
    "authorization: Bearer sk-bench",
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}
