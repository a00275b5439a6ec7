import { createOutlet, defineModel, type Store } from "@outlet/core";
import OpenAI from "openai";
import { expect, it } from "vitest";
import { openStore, type Place } from "../databases.ts";
import { onEveryDatabase } from "../every-database.ts";
import { startProgram } from "./program.ts";

const RESPONSES = 200;
const PROCESSES = 2;
/** Lines after which a process is killed: between 1 and this many, at random. */
const MOST_LINES = 80;

const failing = (i: number) => i % 10 === 0;

/** An outlet that only takes requests: what it enqueues, others do. */
function clientOf(store: Store): { client: OpenAI; close: () => Promise<void> } {
  const { claim: _, ...taking } = store;
  const outlet = createOutlet({
    models: { m: defineModel({ chat: () => "It is never asked." }) },
    access: "open",
    store: { ...taking, claim: async () => null, close: async () => {} },
  });
  const client = new OpenAI({ baseURL: "http://outlet/v1", apiKey: "none", fetch: outlet.fetch });
  return { client, close: outlet.close };
}

/** Runs the fixture and kills it at a random moment, again and again, until one finds nothing left to do. */
async function workAndKill(place: Place, killed: () => void): Promise<void> {
  for (;;) {
    const program = startProgram("./responses.fixture.ts", place);
    let left = 1 + Math.floor(Math.random() * MOST_LINES);
    program.onLine(() => {
      left -= 1;
      if (left === 0) program.kill();
    });
    if ((await program.ended) === 0) return;
    killed();
  }
}

onEveryDatabase((create) => {
  it(`ends each of ${RESPONSES} background responses once, whenever the processes that make them are killed`, async () => {
    const { place, drop } = await create();
    const store = await openStore(place);
    const { client, close } = clientOf(store);
    const conversation = (await client.conversations.create()).id;
    const ids: string[] = [];
    for (let i = 0; i < RESPONSES; i += 1) {
      const input = failing(i) ? `${i} fails` : `${i}`;
      ids.push((await client.responses.create({ model: "m", input, background: true, conversation })).id);
    }
    let kills = 0;
    await Promise.all(Array.from({ length: PROCESSES }, () => workAndKill(place, () => (kills += 1))));

    let completed = 0;
    for (const [i, id] of ids.entries()) {
      const { status, output_text, error } = await client.responses.retrieve(id);
      if (status === "completed") {
        completed += 1;
        expect(failing(i)).toBe(false);
        expect(output_text).toBe(`This was ${i}`);
        // Written when it was queued, when it was begun and when it ended, and never again.
        const record = await store.get({ collection: "response", owner: "caller:/anyone", id });
        expect(record?.version).toBe(3);
      } else {
        expect(status).toBe("failed");
        expect(error?.message).toMatch(failing(i) ? /As it should|cut short/ : /cut short/);
      }
    }
    // Whatever was completed was added to the conversation with it, and once.
    const items: string[] = [];
    for await (const item of client.conversations.items.list(conversation, { limit: 100 })) items.push(item.id ?? "");
    expect(items).toHaveLength(2 * completed);
    expect(kills).toBeGreaterThan(0);
    console.info(`${RESPONSES} responses ended once each, ${completed} completed; ${kills} processes were killed.`);
    await close();
    await store.close?.();
    await drop();
  }, 300_000);
});
