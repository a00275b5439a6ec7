import OpenAI from "openai";
import { beforeEach, expect, test, vi } from "vitest";
import {
  ApiError,
  type ChatInput,
  createMemoryStore,
  defineModel,
  type OutletOptions,
  type Store,
} from "../../../index.ts";
import { testOutlet } from "../../../test-support.ts";

type Event = OpenAI.Responses.ResponseStreamEvent;

let store: Store;
beforeEach(() => {
  // Outlets share it, as processes share a database.
  store = { ...createMemoryStore(), durable: true, close: async () => {} };
});

function setUp(say: (input: ChatInput) => AsyncIterable<string> | string, options: Partial<OutletOptions> = {}) {
  const made = testOutlet({ models: { m: defineModel({ chat: say }) }, store, ...options });
  const { fetch } = made.outlet;
  const client = new OpenAI({ baseURL: "http://outlet/v1", apiKey: "sk-any", fetch, maxRetries: 0 });
  const start = (more: object = {}) =>
    client.responses.create({ model: "m", input: "Hi", background: true, stream: true, ...more });
  return { ...made, client, start };
}

/** What is said piece by piece, each when it is let through. */
function stepping(...pieces: string[]) {
  const gates = pieces.map(() => Promise.withResolvers<void>());
  const say = vi.fn(async function* () {
    for (const [index, piece] of pieces.entries()) {
      await gates[index]?.promise;
      yield piece;
    }
  });
  return {
    say,
    step: (index: number) => gates[index]?.resolve(),
    go: () => {
      for (const { resolve } of gates) resolve();
    },
  };
}

/** Reads until an event is what is looked for; then drops the stream. */
async function readUntil(stream: AsyncIterable<Event>, isEnough: (event: Event) => boolean): Promise<Event[]> {
  const events: Event[] = [];
  for await (const event of stream) {
    events.push(event);
    if (isEnough(event)) break;
  }
  return events;
}

const all = (stream: AsyncIterable<Event>) => readUntil(stream, () => false);
const idOf = (events: Event[]) => (events[0] as Extract<Event, { type: "response.created" }>).response.id;
const textOf = (events: Event[]) =>
  events.map((event) => (event.type === "response.output_text.delta" ? event.delta : "")).join("");
const unpadded = (events: Event[]) =>
  events.map(({ obfuscation: _, ...event }: Event & { obfuscation?: string }) => event);
const isDelta = ({ type }: Event) => type === "response.output_text.delta";

test("is dropped, goes on, and is taken up again after the last event that was seen", async () => {
  const { say, step, go } = stepping("one ", "two ", "three");
  const { start, client, settled } = setUp(say);
  step(0);
  const seen = await readUntil(await start(), isDelta);
  expect(seen.map(({ type }) => type).slice(0, 3)).toEqual([
    "response.created",
    "response.queued",
    "response.in_progress",
  ]);
  const id = idOf(seen);
  go();
  const starting_after = seen.at(-1)?.sequence_number ?? 0;
  const rest = await all(await client.responses.retrieve(id, { stream: true, starting_after }));
  const events = [...seen, ...rest];
  expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, index) => index));
  expect(textOf(events)).toBe("one two three");
  expect(say).toHaveBeenCalledTimes(1);
  const response = await client.responses.retrieve(id);
  expect(events.at(-1)).toMatchObject({ type: "response.completed", response: { output: response.output } });
  expect(settled.find(({ operationId }) => operationId === "createResponse")).toMatchObject({ outcome: "cancelled" });
});

test("is replayed when it is over, the same from any event on", async () => {
  const { start, client } = setUp(() => "Hello there.");
  const live = await all(await start({ stream_options: { include_obfuscation: false } }));
  const id = idOf(live);
  for (let after = -1; after < live.length + 2; after += 1) {
    const from = after < 0 ? {} : { starting_after: after };
    const again = await all(await client.responses.retrieve(id, { stream: true, include_obfuscation: false, ...from }));
    expect(again).toEqual(live.slice(after + 1));
  }
});

test("works with the official client's own helper", async () => {
  const { start, client } = setUp(() => "Hello there.");
  const live = await all(await start());
  const stream = client.responses.stream({ response_id: idOf(live), starting_after: 4 });
  const seen: number[] = [];
  for await (const { sequence_number } of stream) seen.push(sequence_number);
  expect(seen).toEqual(live.slice(5).map(({ sequence_number }) => sequence_number));
  expect(await stream.finalResponse()).toMatchObject({ status: "completed", output_text: "Hello there." });
});

test("is seen through another process", async () => {
  const { say, step, go } = stepping("one ", "two");
  const { start } = setUp(say);
  const other = setUp(() => "It is never asked.");
  step(0);
  const live = await start();
  const iterator = live[Symbol.asyncIterator]();
  const { value } = (await iterator.next()) as { value: Event };
  const elsewhere = await other.client.responses.retrieve(idOf([value]), { stream: true });
  go();
  const events = await all(elsewhere);
  expect(textOf(events)).toBe("one two");
  expect(events.at(-1)).toMatchObject({ type: "response.completed" });
});

test("writes batches, not tokens", async () => {
  const writes = vi.fn(store.write);
  const { start } = setUp(
    async function* () {
      for (let i = 0; i < 10_000; i += 1) yield `${i} `;
    },
    { store: { ...store, write: writes } },
  );
  const live = await all(await start());
  expect(live.filter(isDelta)).toHaveLength(10_000);
  const batches = writes.mock.calls.filter(([changes]) =>
    changes.some((change) => "insert" in change && change.insert.collection === "response.event"),
  );
  expect(batches.length).toBeLessThan(200);
  const sizes = batches.map(([changes]) => JSON.stringify(changes).length);
  expect(Math.max(...sizes)).toBeLessThan(256 * 1024);
});

test("ends as incomplete when it is cancelled, with the status in the response", async () => {
  const { say, step } = stepping("one ", "two");
  const { start, client } = setUp(say);
  step(0);
  const live = await start();
  const events: Event[] = [];
  for await (const event of live) {
    events.push(event);
    if (isDelta(event)) await client.responses.cancel(idOf(events));
  }
  expect(events.at(-1)).toMatchObject({ type: "response.incomplete", response: { status: "cancelled" } });
  const again = await all(await client.responses.retrieve(idOf(events), { stream: true }));
  expect(unpadded(again)).toEqual(unpadded(events));
});

test("ends in an error and the failed response, and is not tried again once something was told", async () => {
  let asked = 0;
  const { start, client } = setUp(
    async function* () {
      asked += 1;
      yield "one ";
      throw new ApiError({ status: 429, type: "requests", message: "Slow down." });
    },
    { jobs: { retryMs: 1 } },
  );
  const seen: Event[] = [];
  const reading = (async () => {
    for await (const event of await start()) seen.push(event);
  })();
  await expect(reading).rejects.toMatchObject({ message: expect.stringContaining("Slow down.") });
  expect(textOf(seen)).toBe("one ");
  const id = idOf(seen);
  expect(await client.responses.retrieve(id)).toMatchObject({ status: "failed", error: { message: "Slow down." } });
  const last = await all(await client.responses.retrieve(id, { stream: true, starting_after: seen.length }));
  expect(last).toMatchObject([{ type: "response.failed", sequence_number: seen.length + 1 }]);
  expect(asked).toBe(1);
});

test("is tried again while nothing was told", async () => {
  let asked = 0;
  const { start } = setUp(
    () => {
      asked += 1;
      if (asked < 3) throw new ApiError({ status: 503, type: "x", message: "Not now." });
      return "Third time lucky.";
    },
    { jobs: { retryMs: 1 } },
  );
  expect(textOf(await all(await start()))).toBe("Third time lucky.");
});

test("that has begun is told to its end by an outlet that closes, though nobody listens", async () => {
  const { say, step, go } = stepping("one ", "two");
  const first = setUp(say);
  step(0);
  const told = await readUntil(await first.start(), isDelta);
  const closed = first.outlet.close();
  go();
  await closed;
  const { client } = setUp(() => "another story");
  const starting_after = told.at(-1)?.sequence_number ?? 0;
  const rest = await all(await client.responses.retrieve(idOf(told), { stream: true, starting_after }));
  expect(textOf([...told, ...rest])).toBe("one two");
  expect(rest.at(-1)?.type).toBe("response.completed");
});

test("is begun anew by the next outlet when nothing was told, and fails when something was", async () => {
  const silent = stepping("never");
  const first = setUp(silent.say);
  const quiet = idOf(await readUntil(await first.start(), ({ type }) => type === "response.queued"));
  await expect.poll(() => silent.say).toHaveBeenCalled();
  await first.outlet.close({ graceMs: 0 });

  const talking = stepping("one ", "two");
  const second = setUp(talking.say);
  const taken = second.client.responses.retrieve(quiet, { stream: true });
  talking.step(0);
  const told = await readUntil(await taken, isDelta);
  expect(textOf(told)).toBe("one ");
  await second.outlet.close({ graceMs: 0 });

  const third = setUp(() => "another story");
  const response = await vi.waitFor(async () => {
    const found = await third.client.responses.retrieve(quiet);
    expect(found.status).toBe("failed");
    return found;
  }, 30_000);
  expect(response.error?.message).toMatch(/cut short after a part of it/);
  const rest: Event[] = [];
  const after = await third.client.responses.retrieve(quiet, { stream: true });
  await expect(
    (async () => {
      for await (const event of after) rest.push(event);
    })(),
  ).rejects.toThrow(/cut short/);
  expect(unpadded(rest)).toEqual(unpadded(told));
});

test("is forgotten with its response", async () => {
  const { start, client } = setUp(() => "Hello.");
  const id = idOf(await all(await start()));
  const list = { collection: "response.event", owner: "caller:/anyone", parent: id, order: "asc", limit: 10 } as const;
  expect((await store.list(list))?.records).not.toEqual([]);
  await client.responses.delete(id);
  expect((await store.list(list))?.records).toEqual([]);
  await expect(client.responses.retrieve(id, { stream: true })).rejects.toMatchObject({ status: 404 });
});

test("ends in an error when its response is deleted meanwhile", async () => {
  const { say } = stepping("never");
  const { start, client } = setUp(say);
  const seen: Event[] = [];
  const reading = (async () => {
    for await (const event of await start()) {
      seen.push(event);
      if (event.type === "response.queued") await client.responses.delete(idOf(seen));
    }
  })();
  await expect(reading).rejects.toThrow(/not found/);
});

test("is there only for responses that were made as one in the background", async () => {
  const { client } = setUp(() => "Hello.");
  const { id } = await client.responses.create({ model: "m", input: "Hi" });
  await expect(client.responses.retrieve(id, { stream: true })).rejects.toMatchObject({ status: 400, param: "stream" });
  const { id: queued } = await client.responses.create({ model: "m", input: "Hi", background: true });
  await expect(client.responses.retrieve(queued, { stream: true })).rejects.toMatchObject({ status: 400 });
  await expect(client.responses.retrieve(id, { starting_after: 1 } as never)).rejects.toMatchObject({
    status: 400,
    param: "starting_after",
  });
});
