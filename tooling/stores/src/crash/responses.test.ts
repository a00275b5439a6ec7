import { expect, it } from "vitest";
import { openStore } from "../databases.ts";
import { onEveryDatabase } from "../every-database.ts";
import { workAndKill } from "./killing.ts";
import { sized } from "./size.ts";
import { takingOutlet } from "./taking.ts";

const RESPONSES = sized(200, 30);
/** Lines after which a process is killed: between 1 and this many, at random. */
const MOST_LINES = sized(80, 28);

const failing = (i: number) => i % 10 === 0;

onEveryDatabase((create) => {
  it(`ends each of ${RESPONSES} background responses once, whenever the processes that make them are killed`, async () => {
    const { place, drop } = await create();
    const store = await openStore(place);
    const { client, close } = takingOutlet(store);
    const conversation = (await client.conversations.create()).id;
    const ids: string[] = [];
    for (let i = 0; i < RESPONSES; i += 1) {
      const input = failing(i) ? `${i} fails` : `${i}`;
      ids.push((await client.responses.create({ model: "m", input, background: true, conversation })).id);
    }
    const kills = await workAndKill("./responses.fixture.ts", place, MOST_LINES);

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
