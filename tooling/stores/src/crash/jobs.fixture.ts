import { createJobs, type Job, type Store } from "@outlet/core";
import { openStore, type Place } from "../databases.ts";
import { noneLeft } from "./none-left.ts";
import { argumentsOf, printing } from "./program.ts";

// Runs jobs until nobody has any, and says when it begins one and when it has made an ending.

const [place, lastLine] = argumentsOf<[Place, number | null]>();
const store = await openStore(place);
const logger = { error: () => {}, warn: () => {} };
const jobs = createJobs({ store, logger, options: { pollMs: 50, leaseMs: 1_500, retryMs: 10, concurrency: 8 } });

const say = printing(lastLine);

/** The changes that count one more end of the work on an object. */
async function countEnd(id: string, how: object) {
  const key = { collection: "thing", owner: "me", id };
  const record = await (store as Store).get(key);
  if (!record) throw new Error(`Nothing there to work on: ${id}`);
  const { ends } = record.data as { ends: object[] };
  return [{ replace: { ...key, version: record.version, data: { ends: [...ends, how] } } }];
}

async function run({ id, attempt, payload, signal }: Job) {
  say(`began ${id} ${attempt}`);
  const { steps, fails } = payload as { steps: number; fails: boolean };
  for (let step = 0; step < steps; step += 1) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    signal.throwIfAborted();
  }
  if (fails) throw new Error("as it should");
  return () => {
    say(`ending ${id}`);
    return countEnd(id, { status: "completed" });
  };
}

jobs.start({
  work: {
    run,
    failed: ({ id }, reason) => countEnd(id, { status: "failed", reason: String(reason) }),
    maxAttempts: 1_000,
    retries: (error) => (error as Error).message !== "as it should",
  },
});

await noneLeft(store, "job.work", "me");
await jobs.close();
await store.close?.();
process.exit();
