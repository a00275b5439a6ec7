import OpenAI from "openai";
import { expect, it } from "vitest";
import { openStore } from "../databases.ts";
import { onEveryDatabase } from "../every-database.ts";
import { workAndKill } from "./killing.ts";
import { sized } from "./size.ts";
import { takingOutlet } from "./taking.ts";

type Event = OpenAI.Responses.ResponseStreamEvent;

const RESPONSES = sized(60, 11);
/** Lines after which a process is killed: between 1 and this many, at random. */
const MOST_LINES = sized(400, 60);
/** Events after which a client drops its stream: between 1 and this many, at random. */
const MOST_EVENTS = 12;

const failing = (i: number) => i % 10 === 0;
const isLast = ({ type }: Event) => type === "response.completed" || type === "response.failed";

/** The events of a stream; of the one that official clients throw at, too. */
async function* eventsOf(stream: PromiseLike<AsyncIterable<Event>>): AsyncGenerator<Event> {
  try {
    yield* await stream;
  } catch (error) {
    if (!(error instanceof OpenAI.APIError) || (error.error as Event)?.type !== "error") throw error;
    yield error.error as Event;
  }
}

/** All that a client is told that drops its stream at random events, and takes it up again behind the last one that it has. */
async function historyOf(client: OpenAI, id: string, mostEvents: number): Promise<Event[]> {
  const history: Event[] = [];
  for (let last: Event | undefined; !last || !isLast(last); last = history.at(-1)) {
    let left = 1 + Math.floor(Math.random() * mostEvents);
    const behind = last && { starting_after: last.sequence_number };
    for await (const event of eventsOf(client.responses.retrieve(id, { stream: true, ...behind }))) {
      history.push(event);
      left -= 1;
      if (left === 0) break;
    }
  }
  return history;
}

/** What is the same of an event in every stream: deltas are padded at random. */
function plain(event: Event): object {
  const { obfuscation: _, ...rest } = event as Event & { obfuscation?: string };
  return rest;
}

/** Of the response, whose stream is dropped at once. */
async function idOf(events: AsyncIterable<Event>): Promise<string> {
  for await (const event of events) if (event.type === "response.created") return event.response.id;
  throw new Error("The stream tells of no response.");
}

const textOf = (history: readonly Event[]) =>
  history.map((event) => (event.type === "response.output_text.delta" ? event.delta : "")).join("");

onEveryDatabase((create) => {
  it(`tells one history of each of ${RESPONSES} streams, whenever the processes that make them are killed`, async () => {
    const { place, drop } = await create();
    const store = await openStore(place);
    const { client, close } = takingOutlet(store);
    const ids: string[] = [];
    const histories: Promise<Event[]>[] = [];
    for (let i = 0; i < RESPONSES; i += 1) {
      const input = failing(i) ? `${i} fails` : `${i}`;
      const created = client.responses.create({ model: "m", input, background: true, stream: true });
      const id = await idOf(eventsOf(created));
      ids.push(id);
      histories.push(historyOf(client, id, MOST_EVENTS));
    }
    const kills = await workAndKill("./responses.fixture.ts", place, MOST_LINES);

    let completed = 0;
    let events = 0;
    for (const [i, id] of ids.entries()) {
      const history = (await histories[i]) ?? [];
      events += history.length;
      // Whoever drops it nowhere, and comes when it is over, is told the same.
      const replay = await historyOf(client, id, Number.POSITIVE_INFINITY);
      expect(history.map(plain)).toEqual(replay.map(plain));
      expect(history.map((event) => event.sequence_number)).toEqual(history.map((_, at) => at));
      expect(history.filter(isLast)).toHaveLength(1);

      const { status, output_text, error } = await client.responses.retrieve(id);
      const words = textOf(history).trimEnd().split(" ");
      const by = words[0]?.split(".")[0];
      if (status === "completed") {
        completed += 1;
        expect(failing(i)).toBe(false);
        expect(textOf(history)).toBe(output_text);
        expect(words).toEqual(Array.from({ length: 12 }, (_, at) => `${by}.${at}`));
      } else {
        expect(status).toBe("failed");
        expect(error?.message).toMatch(failing(i) ? /As it should|cut short/ : /cut short/);
        if (by) expect(words).toEqual(words.map((_, at) => `${by}.${at}`));
      }
      // Written when it was queued, when it was begun and when it ended, and never again. Who is killed three times between taking a
      // response and beginning it has not begun it: it ends as it was queued.
      const record = await store.get({ collection: "response", owner: "caller:/anyone", id });
      const writes = error?.message.startsWith("Every attempt") && words.join("") === "" ? [2, 3] : [3];
      expect(writes).toContain(record?.version);
    }
    expect(kills).toBeGreaterThan(0);
    console.info(
      `${RESPONSES} streams with ${events} events, one history each, ${completed} completed; ${kills} processes were killed.`,
    );
    await close();
    await store.close?.();
    await drop();
  }, 300_000);
});
