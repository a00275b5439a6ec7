import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { type Node, serversAreThere, startCluster } from "./cluster.ts";
import { type Fate, makeMixed, tally } from "./load.ts";
import { allSettled, reconcile, watchEverything } from "./reconcile.ts";
import { sizedRun } from "./size.ts";

const REQUESTS = sizedRun(1_000, 200);
const AT_ONCE = 24;
/** When a node is killed: when so many requests have been begun. */
const KILLS = sizedRun([0.2, 0.4, 0.6, 0.8], [0.5]).map((part) => Math.floor(REQUESTS * part));

describe.runIf(serversAreThere)("two nodes, of which one after the other is killed", () => {
  it(`settle each of ${REQUESTS} mixed requests that reached the upstream once, for what it counted`, async () => {
    const { start, newKey, ledger, upstream } = await startCluster();
    const nodes = (await Promise.all([start(), start()])) as [Node, Node];
    const key = await newKey(nodes[0]);
    await watchEverything(ledger);

    const fates: Fate[] = [];
    const responses: string[] = [];
    /** The node that is being replaced; nobody is sent there. */
    let gone: 0 | 1 | null = null;
    let killed = 0;

    async function replace(which: 0 | 1): Promise<void> {
      gone = which;
      killed += 1;
      nodes[which].kill();
      nodes[which] = await start();
      gone = null;
    }

    let replaced = Promise.resolve();
    let next = 0;
    async function client(): Promise<void> {
      while (next < REQUESTS) {
        const number = next++;
        if (KILLS.includes(number)) replaced = replaced.then(() => replace(killed % 2 ? 1 : 0));
        const which = gone === null ? number % 2 : 1 - gone;
        const { fate, response } = await makeMixed(nodes[which] as Node, key.value, number);
        fates.push(fate);
        if (response) responses.push(response);
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, client));
    await replaced;
    expect(killed).toBe(KILLS.length);

    const { responses: stored } = new OpenAI({ baseURL: nodes[1].url, apiKey: key.value });
    const statuses: string[] = [];
    for (const id of responses) {
      const status = async () => (await stored.retrieve(id)).status ?? "";
      await expect.poll(status, { timeout: 60_000, interval: 50 }).toMatch(/completed|failed/);
      statuses.push(await status());
    }
    await allSettled(ledger);
    const { entries, recovered, unreached } = await reconcile(ledger, upstream.counted);
    const { cut = 0, left = 0, ...answered } = tally(fates);
    expect(Object.keys(answered)).toEqual(["200"]);
    expect(cut).toBeGreaterThan(0);
    const completed = statuses.filter((status) => status === "completed").length;
    console.info(
      `${REQUESTS} requests: ${answered[200]} answered, ${left} left by their clients, ${cut} cut off by ${killed} kills. ` +
        `${upstream.counted.size} counted upstream, each with one entry for what was counted; ${recovered} were recovered, ` +
        `${unreached} of ${entries} entries had not reached the upstream and cost nothing. ` +
        `${responses.length} responses in the background ended, ${completed} of them completed.`,
    );
  }, 300_000);
});
