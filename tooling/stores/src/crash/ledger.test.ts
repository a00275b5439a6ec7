import type { Ledger, SettledEntry } from "@outlet/core";
import { expect, it } from "vitest";
import { openLedger, type Place } from "../databases.ts";
import { onEveryDatabase } from "../every-database.ts";
import { startCountingUpstream } from "./counting-upstream.ts";
import { GRACE_LINES } from "./killing.ts";
import { type Program, startProgram } from "./program.ts";
import { sized } from "./size.ts";

const REQUESTS = sized(1_000, 100);
/** Lines after which a process is killed: between 1 and this many, at random. */
const MOST_LINES = sized(250, 50);
const MOST_KILLS = sized(Number.POSITIVE_INFINITY, 3);

/** Makes the requests, each once, in processes that are killed at random moments; gives the last, which lives. */
async function makeAndKill(place: Place, upstream: string, killed: () => void): Promise<Program> {
  for (let next = 0, kills = 0; ; kills += 1) {
    let left = kills < MOST_KILLS ? 1 + Math.floor(Math.random() * MOST_LINES) : Number.POSITIVE_INFINITY;
    const lastLine = kills < MOST_KILLS ? left + GRACE_LINES : null;
    const program = startProgram("./ledger.fixture.ts", place, lastLine, upstream, next, REQUESTS);
    const done = new Promise<boolean>((resolve, reject) => {
      program.onLine((line) => {
        if (line === "done") return resolve(left > 0);
        next = Math.max(next, Number(line) + 1);
        left -= 1;
        if (left === 0) program.kill();
      });
      program.ended.then(() => resolve(false), reject);
    });
    if (await done) return program;
    killed();
  }
}

async function allEntries(ledger: Ledger): Promise<readonly SettledEntry[]> {
  return ledger.entries({ limit: REQUESTS * 10 });
}

onEveryDatabase((create) => {
  it(`settles each of ${REQUESTS} requests that an upstream has counted once, for what it counted, whenever it is killed`, async () => {
    const { place, drop } = await create();
    const ledger = await openLedger(place);
    const { url, counted, close } = await startCountingUpstream();
    await ledger.setBudget({ id: "b", scope: { everyone: true }, amount: 1e12, period: null, hard: true, alerts: [] });
    let kills = 0;
    const last = await makeAndKill(place, url, () => (kills += 1));

    // What those that were killed left open is settled once their leases are over.
    await expect
      .poll(async () => (await ledger.budgets({ id: "b" }))[0]?.reserved, { timeout: 60_000, interval: 100 })
      .toBe(0);
    last.go();
    await last.ended;

    const entries = await allEntries(ledger);
    const ids = entries.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const byId = new Map(entries.map((entry) => [entry.id, entry]));
    for (const [id, usage] of counted) expect(byId.get(id)?.usage).toEqual(usage);
    const others = entries.filter(({ id }) => !counted.has(id));
    expect(others.every(({ outcome, cost }) => outcome === "recovered" && cost === 0)).toBe(true);

    const cost = [...counted.values()].reduce(
      (sum, usage) => sum + (usage.input_tokens + usage.output_tokens * 2) * 1000,
      0,
    );
    expect(await ledger.budgets({ id: "b" })).toMatchObject([{ spent: cost, reserved: 0 }]);
    expect(kills).toBeGreaterThan(0);
    const recovered = entries.filter(({ outcome }) => outcome === "recovered").length;
    console.info(
      `${counted.size} requests counted upstream and ${entries.length} entries; ${kills} processes were killed, ${recovered} entries recovered, ${others.length} of which had not reached the upstream.`,
    );
    close();
    await ledger.close?.();
    await drop();
  }, 300_000);
});
