import { describe, expect, it, onTestFinished } from "vitest";
import { type Away, type ServerProxy, startProxy } from "../proxy.ts";
import { type Node, servers, serversAreThere, startCluster } from "./cluster.ts";
import { type Fate, makeMixed, tally } from "./load.ts";
import { allSettled, reconcile, watchEverything } from "./reconcile.ts";
import { sizedRun } from "./size.ts";

const AT_ONCE = 12;
/** Answers that are waited for while something is away, and again when it is back. */
const ANSWERS = sizedRun(60, 12);
const BOTH = ["PostgreSQL", "Redis"] as const;
type Outage = readonly [which: readonly (typeof BOTH)[number][], how: Away];
const OUTAGES = sizedRun<readonly Outage[]>(
  (["refuse", "reset", "hang"] as const).flatMap((how) => [
    [["PostgreSQL"], how],
    [["Redis"], how],
    [BOTH, how],
  ]),
  [
    [["PostgreSQL"], "reset"],
    [BOTH, "hang"],
  ],
);

describe.runIf(serversAreThere)("two nodes whose PostgreSQL and Redis go away in the middle of everything", () => {
  it("go on, refuse nobody's key, and lose no entry", async () => {
    const proxies = {
      PostgreSQL: await startProxy(new URL(servers.postgres as string)),
      Redis: await startProxy(new URL(servers.redis as string)),
    };
    onTestFinished(() => Object.values(proxies).forEach((proxy) => void proxy.close()));
    const through = { postgres: proxies.PostgreSQL.url, redis: proxies.Redis.url, deadlineMs: 250, timeoutMs: 1_000 };
    const { start, newKey, ledger, upstream } = await startCluster(through);
    const nodes = (await Promise.all([start(), start()])) as [Node, Node];
    const key = await newKey(nodes[0]);
    await watchEverything(ledger);

    let fates: Fate[] = [];
    const all: Fate[] = [];
    const unexpected: string[] = [];
    let waiting: { for: () => boolean; resolve: () => void } | null = null;
    let over = false;
    let next = 0;

    async function client(): Promise<void> {
      while (!over) {
        const number = next++;
        const { fate, headers } = await makeMixed(nodes[number % 2] as Node, key.value, number);
        if (fate !== 200 && fate !== "left" && !(fate === 503 && headers?.has("retry-after"))) {
          unexpected.push(`${number}: ${fate}`);
        }
        fates.push(fate);
        all.push(fate);
        if (waiting?.for()) waiting.resolve();
      }
    }

    /** So many of these have come since it was asked for. */
    function have(count: number, which: (fate: Fate) => boolean): Promise<void> {
      fates = [];
      return new Promise((resolve) => {
        waiting = { for: () => fates.filter(which).length >= count, resolve };
      });
    }

    const clients = Array.from({ length: AT_ONCE }, client);
    await have(ANSWERS, (fate) => fate === 200);
    for (const [which, how] of OUTAGES) {
      const cut: ServerProxy[] = which.map((name) => proxies[name]);
      await Promise.all(cut.map((proxy) => proxy.cut(how)));
      const isFelt = (fate: Fate) => (which.includes("PostgreSQL") ? fate === 503 : fate === 200);
      await have(ANSWERS, isFelt);
      const during = tally(fates);
      for (const proxy of cut) proxy.restore();
      await have(ANSWERS, (fate) => fate === 200);
      console.info(
        `${which.join(" and ")} away (${how}): ${JSON.stringify(during)}; back: ${JSON.stringify(tally(fates))}`,
      );
    }
    over = true;
    await Promise.all(clients);
    expect(unexpected).toEqual([]);

    await allSettled(ledger);
    const { entries } = await reconcile(ledger, upstream.counted);
    console.info(
      `${next} requests: ${JSON.stringify(tally(all))}; ${upstream.counted.size} counted upstream, each with one of ${entries} entries for what was counted.`,
    );
  }, 300_000);
});
