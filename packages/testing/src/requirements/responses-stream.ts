import assert from "node:assert/strict";
import OpenAI from "openai";
import { RESPONSES, responseBody } from "../kit/ask.ts";
import { readNamedEvents } from "../kit/event-stream.ts";
import { MODELS } from "../kit/models.ts";
import { ANSWER } from "../kit/script.ts";
import { PAGES, type Requirement, type RequirementContext } from "../requirement.ts";
import { WEATHER } from "./responses.ts";

const operations = ["createResponse"];
const reference = PAGES.responsesStreaming;
type Event = OpenAI.Responses.ResponseStreamEvent & { obfuscation?: string };

/** Requirements on the event stream of a response. */
export const responsesStreamRequirements: readonly Requirement[] = [
  {
    id: "responses.stream.order",
    title:
      "A message's events come in the documented order, numbered from 0 without a gap, each under its `event:` name.",
    reference,
    operations,
    async run(context) {
      const events = await streamed(context);
      assert.deepEqual(
        events.map(({ type }) => type),
        [
          "response.created",
          "response.in_progress",
          "response.output_item.added",
          "response.content_part.added",
          "response.output_text.delta",
          "response.output_text.delta",
          "response.output_text.delta",
          "response.output_text.done",
          "response.content_part.done",
          "response.output_item.done",
          "response.completed",
        ],
      );
      assert.deepEqual(
        events.map(({ sequence_number }) => sequence_number),
        events.map((_, index) => index),
      );
      const deltas = events.filter((event) => event.type === "response.output_text.delta");
      assert.equal(deltas.map(({ delta }) => delta).join(""), ANSWER);
      for (const { logprobs } of deltas) assert.deepEqual(logprobs, []);
    },
  },
  {
    id: "responses.stream.final",
    title:
      "The last event has the response that a request without `stream` gets, usage included; there is no `[DONE]`.",
    reference,
    operations,
    async run(context) {
      for (const model of [MODELS.chat, MODELS.engine]) {
        const whole = await context.client.responses.create({ model, input: "Say hello." });
        const events = await streamed(context, { model });
        const last = events.at(-1);
        assert.ok(last?.type === "response.completed");
        const { output_text: _, ...expected } = whole;
        assert.deepEqual(comparable(last.response), comparable(expected));
        const [created] = events;
        assert.ok(created?.type === "response.created" && created.response.status === "in_progress");
        assert.deepEqual(created.response.output, []);
        assert.equal(created.response.usage, undefined);
      }
    },
  },
  {
    id: "responses.stream.calls",
    title: "Calls stream as items with argument deltas, each with its `output_index` and `item_id`, and end whole.",
    reference,
    operations,
    async run(context) {
      context.engines.play({
        chat: () => [
          "Let me look.",
          { tool_call: { id: "call_a", name: "weather", arguments: { at: "Oslo" } } },
          { tool_call: { id: "call_b", name: "weather", arguments: { at: "Rome" } } },
        ],
      });
      const events = await streamed(context, { tools: [WEATHER] });
      const added = events.filter((event) => event.type === "response.output_item.added");
      assert.deepEqual(
        added.map(({ item, output_index }) => [output_index, item.type]),
        [
          [0, "message"],
          [1, "function_call"],
          [2, "function_call"],
        ],
      );
      for (const [index, at] of [
        [1, "Oslo"],
        [2, "Rome"],
      ] as const) {
        const own = events.filter((event) => "output_index" in event && event.output_index === index);
        const deltas = own.flatMap((event) =>
          event.type === "response.function_call_arguments.delta" ? [event.delta] : [],
        );
        assert.equal(deltas.join(""), JSON.stringify({ at }));
        const done = own.find((event) => event.type === "response.function_call_arguments.done");
        assert.ok(done?.type === "response.function_call_arguments.done");
        assert.equal(done.arguments, JSON.stringify({ at }));
        assert.equal((done as { name?: string }).name, "weather");
        assert.equal(own.at(-1)?.type, "response.output_item.done");
      }
    },
  },
  {
    id: "responses.stream.obfuscation",
    title: "Deltas are padded with `obfuscation`, unless `include_obfuscation` is false.",
    reference,
    operations,
    async run(context) {
      const padded = (events: readonly Event[]) => events.filter((event) => event.obfuscation !== undefined);
      const deltas = (events: readonly Event[]) => events.filter(({ type }) => type.endsWith(".delta"));
      const events = await streamed(context);
      assert.deepEqual(padded(events), deltas(events));
      const bare = await streamed(context, { stream_options: { include_obfuscation: false } });
      assert.equal(padded(bare).length, 0);
    },
  },
  {
    id: "responses.stream.sdk",
    title: "The SDK's `responses.stream` helper gives every delta and the final response.",
    reference,
    operations,
    async run({ client, engines }) {
      engines.play({
        chat: () => ["Let me look.", { tool_call: { id: "call_a", name: "weather", arguments: { at: "Oslo" } } }],
      });
      const stream = client.responses.stream({ model: MODELS.chat, input: "Hi", tools: [WEATHER] });
      let text = "";
      for await (const event of stream) if (event.type === "response.output_text.delta") text += event.delta;
      const response = await stream.finalResponse();
      assert.equal(text, "Let me look.");
      assert.equal(response.output_text, text);
      assert.ok(response.output[1]?.type === "function_call" && response.output[1].arguments === '{"at":"Oslo"}');
      assert.ok((response.usage?.total_tokens ?? 0) > 0);
    },
  },
  {
    id: "responses.stream.failure",
    title:
      "A model that fails mid-stream ends it in a flat `error` event and `response.failed`; the SDK throws; nothing of the server's insides is shown.",
    reference,
    operations,
    async run(context) {
      context.engines.play({
        async *chat() {
          yield "said before";
          throw new Error("kit-secret: out of memory at 0xdead");
        },
      });
      const events = await streamed(context);
      const [error, failed] = events.slice(-2);
      assert.ok(error?.type === "error" && failed?.type === "response.failed");
      assert.deepEqual(Object.keys(error).toSorted(), ["code", "message", "param", "sequence_number", "type"]);
      assert.equal(failed.response.status, "failed");
      assert.equal(failed.response.error?.code, "server_error");
      assert.ok(!JSON.stringify(events).includes("secret"));
      const read = async () => {
        const stream = await context.client.responses.create({ model: MODELS.chat, input: "Hi", stream: true });
        for await (const _ of stream);
      };
      await assert.rejects(read(), (thrown) => thrown instanceof OpenAI.APIError);
      assert.equal((await context.client.responses.retrieve(failed.response.id)).status, "failed");
    },
  },
];

function streamed({ http }: RequirementContext, more: Record<string, unknown> = {}): Promise<Event[]> {
  return readNamedEvents<Event>(http, { path: RESPONSES, body: responseBody({ ...more, stream: true }) });
}

/** Ids and times differ between two answers. */
function comparable(response: object): unknown {
  const changes = ["id", "created_at", "completed_at"];
  return JSON.parse(JSON.stringify(response, (key, value) => (changes.includes(key) ? undefined : value)));
}
