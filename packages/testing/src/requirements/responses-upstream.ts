import assert from "node:assert/strict";
import type OpenAI from "openai";
import { RESPONSES, responseBody } from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import { readNamedEvents } from "../kit/event-stream.ts";
import { MODELS } from "../kit/models.ts";
import { sentBody, upstreamJson, upstreamStream } from "../kit/upstream.ts";
import { FAR_ITEMS, FAR_THOUGHT, upstreamResponse, upstreamResponseEvents } from "../kit/upstream-response.ts";
import { PAGES, type Requirement, type RequirementContext } from "../requirement.ts";

const operations = ["createResponse"];
const reference = PAGES.responses;

/** Requirements on models whose far side has Responses of its own. */
export const responsesUpstreamRequirements: readonly Requirement[] = [
  {
    id: "responses.far.whole",
    title: "A far side that has Responses answers itself, statelessly; the outlet gives its own ids and remembers.",
    reference,
    operations,
    async run(context) {
      const { client } = context;
      const first = await farResponse(context, { tools: [{ type: "web_search" }], x_vendor: 1, temperature: 0.5 });
      const sent = sentBody(context.engines.calls[0]?.request);
      assert.equal(context.engines.calls[0]?.request.path, "/responses");
      assert.deepEqual(
        [sent.store, sent.x_vendor, sent.temperature, sent.previous_response_id, sent.tools],
        [false, 1, 0.5, undefined, [{ type: "web_search" }]],
      );
      assert.equal(first.model, "far-2026-01-01");
      assert.equal(first.usage?.input_tokens_details.cached_tokens, 8);
      const ids = [first.id, ...first.output.map(({ id }) => id)];
      assert.ok(!JSON.stringify(first).includes("_far"), "an id of the far side is shown");
      assert.deepEqual(
        ids.map((id) => id?.split("_")[0]),
        ["resp", "rs", "msg"],
      );
      const { output_text: _, ...kept } = await client.responses.retrieve(first.id);
      assert.deepEqual(kept, first);
    },
  },
  {
    id: "responses.far.stream",
    title: "Its events are told on under the outlet's ids and numbers, and end in the response that its twin gets.",
    reference: PAGES.responsesStreaming,
    operations,
    async run(context) {
      const whole = await farResponse(context);
      context.engines.play({ upstream: async () => upstreamStream(upstreamResponseEvents()) });
      const body = responseBody({ model: MODELS.responses, stream: true });
      const events = await readNamedEvents<OpenAI.Responses.ResponseStreamEvent>(context.http, {
        path: RESPONSES,
        body,
      });
      assert.deepEqual(
        events.map(({ sequence_number }) => sequence_number),
        events.map((_, index) => index),
      );
      assert.ok(!JSON.stringify(events).includes("_far"), "an id of the far side is shown");
      const last = events.at(-1);
      assert.ok(last?.type === "response.completed");
      const delta = events.find((event) => event.type === "response.output_text.delta");
      assert.equal(delta?.item_id, last.response.output[1]?.id);
      assert.deepEqual(comparable(last.response), comparable(whole));
    },
  },
  {
    id: "responses.far.continue",
    title:
      "A conversation goes on there with all that was said, and with its own encrypted thoughts, whole or not asked for.",
    reference: PAGES.conversationState,
    operations,
    async run(context) {
      const first = await farResponse(context);
      assert.ok(!JSON.stringify(first).includes(FAR_THOUGHT), "encrypted thoughts were not asked for");
      await farResponse(context, { input: "And?", previous_response_id: first.id });
      const { input, include } = sentBody(context.engines.calls.at(-1)?.request);
      assert.deepEqual(include, ["reasoning.encrypted_content"]);
      assert.deepEqual(
        (input as Record<string, unknown>[]).map(({ type, role, encrypted_content, id }) => [
          id,
          type,
          role ?? encrypted_content,
        ]),
        [
          [undefined, "message", "user"],
          [undefined, "reasoning", FAR_THOUGHT],
          [undefined, "message", "assistant"],
          [undefined, "message", "user"],
        ],
      );
    },
  },
  {
    id: "responses.far.change",
    title: "A conversation goes on when the model behind it changes; nobody gets another model's encrypted thoughts.",
    reference: PAGES.conversationState,
    operations,
    async run(context) {
      const { client, engines } = context;
      const first = await farResponse(context);
      const second = await client.responses.create({
        model: MODELS.engine,
        input: "And?",
        previous_response_id: first.id,
      });
      assert.deepEqual(engines.calls.at(-1)?.request.messages, [
        { role: "user", content: "Say hello." },
        { role: "assistant", content: "Far away." },
        { role: "user", content: "And?" },
      ]);
      await farResponse(context, { input: "So?", previous_response_id: second.id });
      assert.equal((sentBody(engines.calls.at(-1)?.request).input as unknown[]).length, 6);
    },
  },
  {
    id: "responses.far.workings",
    title: "How a former model came to its answer is left out for one that chats, and named in `outlet-emulated`.",
    reference: PAGES.conversationState,
    operations,
    async run({ client, http, engines }) {
      const search = { type: "web_search_call", id: "ws_far", status: "completed", action: { type: "search" } };
      const { output } = upstreamResponse() as { output: object[] };
      engines.play({ upstream: async () => upstreamJson(upstreamResponse({ output: [search, ...output] })) });
      const { id } = await client.responses.create({ model: MODELS.responses, input: "Hi" });
      const body = responseBody({ model: MODELS.engine, input: "And?", previous_response_id: id });
      const reply = await http.send({ path: RESPONSES, body });
      assert.equal(reply.status, 200, reply.text);
      assert.match(reply.headers["outlet-emulated"] ?? "", /\bprevious_response_id\b/);
      const messages = engines.calls.at(-1)?.request.messages as { content: unknown }[] | undefined;
      assert.deepEqual(
        messages?.map(({ content }) => content),
        ["Hi", "Far away.", "And?"],
      );
    },
  },
  {
    id: "responses.far.stateless",
    title:
      "With `store: false` and `reasoning.encrypted_content` a client keeps the conversation itself and sends it back.",
    reference: PAGES.conversationState,
    operations,
    async run(context) {
      const include = ["reasoning.encrypted_content"];
      const { output } = await farResponse(context, { store: false, include });
      const [reasoning] = output;
      assert.ok(reasoning?.type === "reasoning" && reasoning.encrypted_content);
      await farResponse(context, { store: false, include, input: [...output, { role: "user", content: "And?" }] });
      const { input } = sentBody(context.engines.calls.at(-1)?.request);
      assert.equal((input as { encrypted_content?: string }[])[0]?.encrypted_content, FAR_THOUGHT);
    },
  },
  {
    id: "responses.far.errors",
    title: "Its refusals keep status and envelope; a stream that ends without its last event has failed.",
    reference: PAGES.errors,
    operations,
    async run(context) {
      const { engines, http } = context;
      const error = { message: "No.", type: "invalid_request_error", param: "tools[0]", code: "unsupported" };
      engines.play({ upstream: async () => upstreamJson({ error }, 400) });
      const request = { path: RESPONSES, body: responseBody({ model: MODELS.responses }) };
      assertError(await http.send(request), { status: 400, param: "tools[0]", code: "unsupported" });
      engines.play({ upstream: async () => upstreamStream(upstreamResponseEvents().slice(0, -1)) });
      const body = responseBody({ model: MODELS.responses, stream: true });
      const events = await readNamedEvents<OpenAI.Responses.ResponseStreamEvent>(http, { path: RESPONSES, body });
      assert.deepEqual(
        events.slice(-2).map(({ type }) => type),
        ["error", "response.failed"],
      );
    },
  },
  {
    id: "responses.far.encrypted-unsupported",
    title: "A model that has no encrypted thoughts to give is asked again without them.",
    reference: PAGES.conversationState,
    operations,
    async run({ client, engines }) {
      engines.play({
        upstream: async (request) => {
          if (sentBody({ ...request }).include === undefined) return upstreamJson(upstreamResponse());
          const message = "Encrypted content is not supported with this model.";
          return upstreamJson({ error: { message, type: "invalid_request_error", param: "include", code: null } }, 400);
        },
      });
      assert.equal((await client.responses.create({ model: MODELS.responses, input: "Hi" })).status, "completed");
    },
  },
];

async function farResponse(
  { http, engines }: RequirementContext,
  more: Record<string, unknown> = {},
): Promise<OpenAI.Responses.Response> {
  engines.play({ upstream: async () => upstreamJson(upstreamResponse()) });
  const reply = await http.send({ path: RESPONSES, body: responseBody({ model: MODELS.responses, ...more }) });
  assert.equal(reply.status, 200, reply.text);
  assert.equal((reply.json() as { output: { id: string }[] }).output.length, Object.keys(FAR_ITEMS).length);
  return reply.json() as OpenAI.Responses.Response;
}

function comparable(response: object): unknown {
  const changes = ["id", "created_at"];
  return JSON.parse(JSON.stringify(response, (key, value) => (changes.includes(key) ? undefined : value)));
}
