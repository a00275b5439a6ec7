import assert from "node:assert/strict";
import type OpenAI from "openai";
import { RESPONSES, refused, responseBody } from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import { readNamedEvents } from "../kit/event-stream.ts";
import { MODELS } from "../kit/models.ts";
import { ANSWER } from "../kit/script.ts";
import { gate, within } from "../kit/within.ts";
import { PAGES, type Requirement, type RequirementContext } from "../requirement.ts";

type Event = OpenAI.Responses.ResponseStreamEvent;

const reference = PAGES.background;
const operations = ["createResponse", "getResponse"];

/** Requirements on streams of responses in the background, which may be dropped and taken up again. */
export const responsesBackgroundStreamRequirements: readonly Requirement[] = [
  {
    id: "responses.background.stream",
    title: "The stream of a response in the background tells that it is queued, then what any stream tells.",
    reference,
    operations: ["createResponse"],
    async run({ http }) {
      const body = responseBody({ background: true, stream: true });
      const events = await readNamedEvents<Event>(http, { path: RESPONSES, body });
      const types = events.map(({ type }) => type);
      assert.deepEqual(types.slice(0, 4), [
        "response.created",
        "response.queued",
        "response.in_progress",
        "response.output_item.added",
      ]);
      assert.equal(types.at(-1), "response.completed");
      assertNumbered(events);
      assert.equal(textOf(events), ANSWER);
      const [created] = events;
      assert.ok(created?.type === "response.created" && created.response.background);
      assert.equal(created.response.status, "queued");
    },
  },
  {
    id: "responses.background.stream.resume",
    title: "A client that leaves the stream stops nothing, and takes it up again with `starting_after`.",
    reference,
    operations,
    async run({ client, engines }) {
      const held = gate();
      engines.play({
        async *chat() {
          yield "Hello ";
          await held.opened;
          yield "again.";
        },
      });
      const seen = await startAndDrop(client);
      const id = idOf(seen);
      assert.equal(engines.calls[0]?.signal.aborted, false, "the model was stopped");
      held.open();
      const starting_after = seen.at(-1)?.sequence_number ?? 0;
      const rest = await collect(await client.responses.retrieve(id, { stream: true, starting_after }));
      const events = [...seen, ...rest];
      assertNumbered(events);
      assert.equal(textOf(events), "Hello again.");
      const last = events.at(-1);
      assert.ok(last?.type === "response.completed");
      const { output, usage, status } = await client.responses.retrieve(id);
      assert.deepEqual(
        { output: last.response.output, usage: last.response.usage, status: last.response.status },
        { output, usage, status },
      );
    },
  },
  {
    id: "responses.background.stream.replay",
    title: "The stream of a response that is over is replayed, whole or after any event, and always the same.",
    reference: PAGES.responseGet,
    operations,
    async run({ http }) {
      const plain = { stream_options: { include_obfuscation: false } };
      const body = responseBody({ background: true, stream: true, ...plain });
      const events = await readNamedEvents<Event>(http, { path: RESPONSES, body });
      const path = `${RESPONSES}/${idOf(events)}?stream=true&include_obfuscation=false`;
      assert.deepEqual(await readNamedEvents(http, { path }), events);
      for (const after of [0, 3, events.length - 2]) {
        const rest = await readNamedEvents(http, { path: `${path}&starting_after=${after}` });
        assert.deepEqual(rest, events.slice(after + 1));
      }
    },
  },
  {
    id: "responses.background.stream.helper",
    title: "The SDK's `responses.stream({ response_id, starting_after })` gives what follows, and the whole response.",
    reference: PAGES.responseGet,
    operations,
    async run({ client }) {
      const events = await collect(await start(client));
      const stream = client.responses.stream({ response_id: idOf(events), starting_after: 4 });
      const seen: number[] = [];
      for await (const { sequence_number } of stream) seen.push(sequence_number);
      assert.deepEqual(
        seen,
        events.slice(5).map(({ sequence_number }) => sequence_number),
      );
      assert.equal((await stream.finalResponse()).output_text, ANSWER);
    },
  },
  {
    id: "responses.background.stream.cancel",
    title: "Cancelling ends the stream with the response, whose status is `cancelled`.",
    reference: PAGES.responseCancel,
    operations: ["createResponse", "getResponse", "cancelResponse"],
    async run({ client, http, engines }) {
      const held = gate();
      engines.play({
        async *chat() {
          yield "Hello ";
          await held.opened;
          yield "again.";
        },
      });
      const seen = await startAndDrop(client);
      const path = `${RESPONSES}/${idOf(seen)}?stream=true`;
      const waiting = readNamedEvents<Event>(http, { path });
      await client.responses.cancel(idOf(seen));
      held.open();
      const events = await within("the end of a cancelled stream", waiting);
      const last = events.at(-1);
      assert.ok(last?.type === "response.incomplete" && last.response.status === "cancelled");
      assertNumbered(events);
      assert.equal(textOf(events), "Hello ");
    },
  },
  {
    id: "responses.background.stream.failure",
    title: "A model that fails half-way ends the stream in an error and the failed response, and is not asked again.",
    reference,
    operations,
    async run({ http, engines }) {
      engines.play({
        async *chat() {
          yield "Hello ";
          throw new Error("kit-secret");
        },
      });
      const body = responseBody({ background: true, stream: true });
      const events = await readNamedEvents<Event>(http, { path: RESPONSES, body });
      assert.equal(textOf(events), "Hello ");
      const [error, last] = events.slice(-2);
      assert.ok(error?.type === "error" && last?.type === "response.failed");
      assert.equal(last.response.error?.message, error.message);
      assert.doesNotMatch(JSON.stringify(events), /kit-secret/);
      assertNumbered(events);
      assert.equal(engines.calls.length, 1);
    },
  },
  {
    id: "responses.background.stream.deleted",
    title: "A deleted response has no stream any more.",
    reference: PAGES.responseGet,
    operations: ["createResponse", "getResponse", "deleteResponse"],
    async run({ client, http }) {
      const id = idOf(await collect(await start(client)));
      await client.responses.delete(id);
      assertError(await http.send({ path: `${RESPONSES}/${id}?stream=true` }), { status: 404 });
    },
  },
  {
    id: "responses.background.stream.refusals",
    title:
      "Only responses that were made as a stream in the background can be streamed later; `starting_after` needs it.",
    reference: PAGES.responseGet,
    operations: ["getResponse"],
    async run(context) {
      const { id } = await context.client.responses.create({ model: MODELS.chat, input: "Hi" });
      context.engines.reset();
      const path = `${RESPONSES}/${id}`;
      await refused(context, { path: `${path}?stream=true` }, { status: 400, param: "stream" });
      await refused(context, { path: `${path}?starting_after=1` }, { status: 400, param: "starting_after" });
    },
  },
];

function start(client: OpenAI) {
  return client.responses.create({ model: MODELS.chat, input: "Hi", background: true, stream: true });
}

async function collect(stream: AsyncIterable<Event>): Promise<Event[]> {
  const read = async () => {
    const events: Event[] = [];
    for await (const event of stream) events.push(event);
    return events;
  };
  return within("the end of a stream", read());
}

/** Begins a response and leaves its stream at the first word. */
async function startAndDrop(client: RequirementContext["client"]): Promise<Event[]> {
  const read = async () => {
    const events: Event[] = [];
    for await (const event of await start(client)) {
      events.push(event);
      if (event.type === "response.output_text.delta") break;
    }
    return events;
  };
  return within("the first word of a stream", read());
}

function idOf([first]: Event[]): string {
  assert.ok(first?.type === "response.created");
  return first.response.id;
}

function textOf(events: readonly Event[]): string {
  return events.map((event) => (event.type === "response.output_text.delta" ? event.delta : "")).join("");
}

function assertNumbered(events: readonly Event[]): void {
  assert.deepEqual(
    events.map(({ sequence_number }) => sequence_number),
    events.map((_, index) => index),
  );
}
