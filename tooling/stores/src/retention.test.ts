import { createOutlet, defineModel, type Store } from "@outlet/core";
import OpenAI from "openai";
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { openStore, runSql, type TestDatabase } from "./databases.ts";
import { onEveryDatabase } from "./every-database.ts";

const DAY = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval"], now: 1_800_000_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** An outlet as a process of its own has it, and a promise of when it next has nothing left to erase. */
async function serve({ place }: TestDatabase) {
  const store = await openStore(place);
  let nothingLeft = Promise.withResolvers<void>();
  const expire: Store["expire"] = async (now) => {
    const erased = await store.expire(now);
    if (erased === 0) nothingLeft.resolve();
    return erased;
  };
  const outlet = createOutlet({
    models: { m: defineModel(() => "hello") },
    access: "open",
    store: { ...store, expire },
    retention: { days: 7 },
  });
  const client = new OpenAI({ baseURL: "http://outlet/v1", apiKey: "x", fetch: outlet.fetch, maxRetries: 0 });
  const erased = () => {
    nothingLeft = Promise.withResolvers();
    return nothingLeft.promise;
  };
  return { outlet, client, store, erased };
}

onEveryDatabase((create) => {
  it("erases what has expired, with all that belongs to it, whichever process it is of", async () => {
    const database = await create();
    const processes = [await serve(database), await serve(database)] as const;
    onTestFinished(async () => {
      for (const { outlet } of processes) await outlet.close({ graceMs: 0 });
      await database.drop();
    });
    const [{ client, store }] = processes;
    const stream = await client.responses.create({ model: "m", input: "hi", background: true, stream: true });
    let id = "";
    for await (const event of stream) if (event.type === "response.created") id = event.response.id;
    const messages = [{ role: "user" as const, content: "hi" }];
    const chats = Array.from({ length: 260 }, () =>
      client.chat.completions.create({ model: "m", messages, store: true, metadata: { k: "v" } }),
    );
    await Promise.all(chats);
    vi.setSystemTime(Date.now() + DAY);
    const { id: kept } = await client.chat.completions.create({ model: "m", messages, store: true });

    vi.setSystemTime(Date.now() + 6 * DAY);
    expect((await client.chat.completions.list()).data.map((one) => one.id)).toEqual([kept]);
    const owner = "caller:/anyone";
    const response = { collection: "response", owner, id };
    expect(await store.get(response), "it was erased before it was looked for").not.toBeNull();
    const left = Promise.race(processes.map(({ erased }) => erased()));
    // Who has begun to read is given a minute; then comes the next look.
    vi.setSystemTime(Date.now() + 60_000);
    vi.advanceTimersByTime(60_000);
    await left;
    expect(await store.get(response)).toBeNull();
    const list = { collection: "chat.completion", owner, order: "asc", limit: 1_000 } as const;
    expect((await store.list(list))?.records.map((record) => record.id)).toEqual([kept]);
    // A label left behind would be another record's that is given its position: those that are left are of the one that is.
    const positions = await runSql(database.place, "select distinct position from outlet_labels");
    expect(positions).toHaveLength(1);
    const events = { ...list, collection: "response.event", parent: id };
    await store.write([{ insert: { ...response, createdAt: 1, data: null } }]);
    expect((await store.list(events))?.records).toEqual([]);
  });
});
