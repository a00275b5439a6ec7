import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startUpstream } from "../fleet.ts";
import { ask } from "../host/ipc.ts";
import { pathOf, startNode, stop } from "../host/process.ts";
import { closedLoop, times } from "../load/closed-loop.ts";
import { chatRequest } from "../load/requests.ts";
import { median } from "../stats.ts";

const ROUNDS = 7;
const WARM_UP = 2;
const REQUESTS = 2_000;
const CONNECTIONS = 64;

export interface LedgerCost {
  readonly ledger: string;
  /** CPU milliseconds of the outlet's process for 1,000 requests. */
  readonly cpu: number;
  /** Beside no ledger: of the rounds' ratios, the one in the middle. */
  readonly ratio: number;
}

/** What a ledger costs an outlet that relays whole answers of an upstream, with a hard budget that has room. */
export async function measureLedgers(postgres: string): Promise<LedgerCost[]> {
  const folder = await mkdtemp(join(tmpdir(), "outlet-bench-"));
  const upstream = await startUpstream(null);
  const env = { UPSTREAM: upstream.origin, BENCH_FILE: join(folder, "ledger.db"), BENCH_POSTGRES: postgres };
  const target = startNode(pathOf("./target.ts", import.meta.url), undefined, { env });
  try {
    await once(target, "message");
    const ports = await ask<Record<string, number>>(target, { what: "ports" });
    const cpu = async (port: number) => {
      const before = await ask<NodeJS.CpuUsage>(target, {});
      await closedLoop(port, CONNECTIONS, times(REQUESTS, chatRequest({}, "plain")));
      const after = await ask<NodeJS.CpuUsage>(target, {});
      return (after.user + after.system - before.user - before.system) / REQUESTS;
    };
    const rounds: Record<string, number>[] = [];
    for (let round = -WARM_UP; round < ROUNDS; round += 1) {
      const spent: Record<string, number> = {};
      // Which comes first takes turns.
      const names = Object.keys(ports);
      const order = round % 2 === 0 ? names : names.reverse();
      for (const name of order) spent[name] = await cpu(ports[name] as number);
      if (round >= 0) rounds.push(spent);
    }
    return Object.keys(ports).map((ledger) => ({
      ledger,
      cpu: median(rounds.map((spent) => spent[ledger] as number)),
      ratio: median(rounds.map((spent) => (spent[ledger] as number) / (spent.none as number))),
    }));
  } finally {
    await stop(target);
    await stop(upstream.child);
    await rm(folder, { recursive: true });
  }
}
