import { enqueueJob, type Store } from "@outlet/core";
import { expect, it } from "vitest";
import { openStore } from "../databases.ts";
import { onEveryDatabase } from "../every-database.ts";
import { workAndKill } from "./killing.ts";
import { sized } from "./size.ts";

const JOBS = sized(200, 30);
/** Lines after which a process is killed: between 1 and this many, at random. */
const MOST_LINES = sized(120, 28);

const failing = (i: number) => i % 10 === 0;

async function enqueueAll(store: Store): Promise<void> {
  for (let i = 0; i < JOBS; i += 1) {
    const id = `t${i}`;
    const payload = { steps: i % 7, fails: failing(i) };
    await store.write([
      { insert: { collection: "thing", owner: "me", id, createdAt: 1, data: { ends: [] } } },
      enqueueJob("work", { owner: "me", id, payload }),
    ]);
  }
}

onEveryDatabase((create) => {
  it(`ends each of ${JOBS} jobs exactly once, whenever the processes that run them are killed`, async () => {
    const { place, drop } = await create();
    const store = await openStore(place);
    await enqueueAll(store);
    const kills = await workAndKill("./jobs.fixture.ts", place, MOST_LINES);
    const page = await store.list({ collection: "thing", owner: "me", order: "asc", limit: JOBS });
    const ends = page?.records.map(({ data }) => (data as { ends: object[] }).ends);
    const expected = Array.from({ length: JOBS }, (_, i) => [
      failing(i) ? { status: "failed", reason: "Error: as it should" } : { status: "completed" },
    ]);
    expect(ends).toEqual(expected);
    expect(kills).toBeGreaterThan(0);
    console.info(`${JOBS} jobs ended once each; ${kills} processes were killed on the way.`);
    await store.close?.();
    await drop();
  }, 300_000);
});
