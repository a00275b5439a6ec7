import assert from "node:assert/strict";
import { CHAT, chatBody, refused, streamedChat } from "../kit/ask.ts";
import { assertError, assertErrorObject } from "../kit/assert-error.ts";
import { readEvents } from "../kit/event-stream.ts";
import { MODELS } from "../kit/models.ts";
import { functionCall, SAID_USAGE, saying } from "../kit/saying.ts";
import { PAGES, type Requirement } from "../requirement.ts";
import { chat } from "./chat.ts";

const operations = ["createChatCompletion"];
const reference = PAGES.structuredOutputs;

const object = (properties: object, more: object = {}) => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...more,
});
const text = { type: "string" };
const formatOf = (schema: object, strict = true) => ({
  response_format: { type: "json_schema", json_schema: { name: "place", strict, schema } },
});
const PLACE = formatOf(object({ city: text, rain: { type: "boolean" } }));
const OSLO = { city: "Oslo", rain: true };
const OSLO_TEXT = JSON.stringify(OSLO);
const WRONG = '{"city":"Oslo","rain":"yes"}';

const nested = (levels: number): object => (levels === 1 ? object({ a: text }) : object({ a: nested(levels - 1) }));
const words = (count: number, length: number) =>
  Array.from({ length: count }, (_, i) => String(i).padStart(length, "0"));

/** Schemas that `strict` does not allow, and what the message says of them. */
const NOT_STRICT: readonly (readonly [object, string])[] = [
  [{ type: "array", items: text }, `schema must be a JSON Schema of 'type: "object"', got 'type: "array"'.`],
  [object({}, { anyOf: [object({})] }), "In context=(), 'anyOf' is not permitted."],
  [
    object({ a: { type: "object", properties: {} } }),
    "In context=('properties', 'a'), 'additionalProperties' is required to be supplied and to be false.",
  ],
  [object({ a: text }, { required: [] }), "to be an array including every key in properties. Missing 'a'."],
  [
    object({ a: { type: "array", items: { not: text } } }),
    "In context=('properties', 'a', 'items'), 'not' is not permitted.",
  ],
  [object({ a: { type: "string", format: "uri" } }), "In context=('properties', 'a'), 'uri' is not a valid format."],
  [object({ a: { anyOf: [{}] } }), "In context=('properties', 'a', 'anyOf', '0'), schema must have a 'type' key."],
  [object({ a: { type: "array" } }), "In context=('properties', 'a'), array schema missing items."],
  [
    object({ a: { $ref: "#/properties/b" }, b: text }),
    "reference can only point to definitions defined at the top level",
  ],
  [nested(11), "11 levels of nesting exceeds limit of 10."],
  [object({ a: { type: "string", enum: words(1001, 4) } }), "Expected at most 1000 enum values in total"],
  [
    object({ a: { type: "string", enum: words(251, 60) } }),
    "Expected at most 15000 total characters across enum values",
  ],
];

export const structuredOutputsRequirements: readonly Requirement[] = [
  {
    id: "structured-outputs.schema",
    title: "A strict schema outside the documented subset is a 400 that names the path; without strict it is a hint.",
    reference,
    operations,
    async run(context) {
      for (const [schema, says] of NOT_STRICT) {
        const message = new RegExp(`^Invalid schema for response_format 'place': .*${escaped(says)}`);
        const expected = { status: 400, param: "response_format", code: null, message };
        await refused(context, { path: CHAT, body: chatBody(formatOf(schema)) }, expected);
      }
      context.engines.play({ engineChat: saying(OSLO_TEXT) });
      const loose = formatOf({ type: "object", allOf: [] }, false);
      assert.equal((await chat(context, { model: MODELS.engine, ...loose })).choices[0]?.message.content, OSLO_TEXT);
    },
  },
  {
    id: "structured-outputs.schema.missing",
    title: "A strict format without a schema is a 400 that names what is missing.",
    reference,
    operations,
    async run(context) {
      const response_format = { type: "json_schema", json_schema: { name: "place", strict: true } };
      const param = "response_format.json_schema.schema";
      await refused(context, { path: CHAT, body: chatBody({ response_format }) }, { status: 400, param });
    },
  },
  {
    id: "structured-outputs.json-word",
    title: "`json_object` without the word JSON in the messages is a 400.",
    reference,
    operations,
    async run(context) {
      const body = chatBody({ response_format: { type: "json_object" } });
      const message = /^'messages' must contain the word 'json' in some form/;
      await refused(context, { path: CHAT, body }, { status: 400, param: "messages", code: null, message });
    },
  },
  {
    id: "structured-outputs.mismatch",
    title:
      "A strict answer that does not match is an error that says where: a 502, or a stream's last event after a 200.",
    reference,
    operations,
    async run(context) {
      context.engines.play({ engineChat: saying(WRONG), chat: () => ['{"city":"Oslo",', '"rain":"yes"}'] });
      const message = /at 'rain': expected a boolean, but got a string/;
      const expected = { status: 502, type: "server_error", code: "engine_error", message };
      assertError(
        await context.http.send({ path: CHAT, body: chatBody({ model: MODELS.engine, ...PLACE }) }),
        expected,
      );
      const { data } = await readEvents(context.http, { path: CHAT, body: chatBody({ ...PLACE, stream: true }) });
      const { error } = JSON.parse(data.at(-1) ?? "") as { error: Record<string, unknown> };
      assertErrorObject(error, expected);
    },
  },
  {
    id: "structured-outputs.tool",
    title: "A model that only calls tools gives its answer through one, whole and streamed, and the header says so.",
    reference,
    operations,
    async run(context) {
      context.engines.play({ engineChat: saying({ tool_calls: [functionCall("place", OSLO)] }) });
      const asked = { model: MODELS.formless, ...PLACE };
      const { choices, usage } = await chat(context, asked);
      assert.deepEqual([choices[0]?.message.content, choices[0]?.finish_reason], [OSLO_TEXT, "stop"]);
      assert.ok(!choices[0]?.message.tool_calls);
      assert.equal(usage?.completion_tokens, SAID_USAGE.completion_tokens);
      const request = context.engines.calls[0]?.request;
      assert.ok(request && !("response_format" in request));
      assert.deepEqual(request.tool_choice, { type: "function", function: { name: "place" } });
      const { chunks, headers } = await streamedChat(context, asked);
      assert.equal(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join(""), OSLO_TEXT);
      assert.equal(headers["outlet-emulated"], "response_format=tool");
    },
  },
  {
    id: "structured-outputs.repair",
    title:
      "A model with neither is told what was wrong, twice at most; nothing is sent before it is valid; all is counted.",
    reference,
    operations,
    async run(context) {
      const asked = { model: MODELS.words, ...PLACE };
      context.engines.play({ engineChat: saying("Sure!", WRONG, `\`\`\`json\n${OSLO_TEXT}\n\`\`\``) });
      const { choices, usage } = await chat(context, asked);
      assert.equal(choices[0]?.message.content, OSLO_TEXT);
      assert.equal(usage?.total_tokens, 3 * SAID_USAGE.total_tokens);
      assert.equal(context.engines.calls.length, 3);
      context.engines.play({ engineChat: saying(WRONG, OSLO_TEXT) });
      const { chunks, headers } = await streamedChat(context, asked);
      assert.equal(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join(""), OSLO_TEXT);
      assert.equal(headers["outlet-emulated"], "response_format=repair");
      context.engines.play({ engineChat: saying(WRONG) });
      const failed = await context.http.send({ path: CHAT, body: chatBody({ ...asked, stream: true }) });
      assertError(failed, { status: 502, type: "server_error", code: "engine_error", message: /at 'rain'/ });
    },
  },
  {
    id: "structured-outputs.excused",
    title: "A refusal, and an answer that was cut or filtered, is passed on: no error, and no second attempt.",
    reference,
    operations,
    async run(context) {
      const excuses = [
        { refusal: "No." },
        { content: '{"city":', finish_reason: "length" as const },
        { content: "", finish_reason: "content_filter" as const },
      ];
      for (const model of [MODELS.engine, MODELS.formless, MODELS.words]) {
        for (const excuse of excuses) {
          context.engines.play({ engineChat: saying(excuse) });
          const before = context.engines.calls.length;
          const [choice] = (await chat(context, { model, ...PLACE })).choices;
          assert.equal(choice?.finish_reason, excuse.finish_reason ?? "stop");
          assert.equal(choice?.message.refusal, excuse.refusal ?? null);
          assert.equal(context.engines.calls.length, before + 1);
        }
      }
    },
  },
  {
    id: "structured-outputs.json-mode",
    title: "JSON mode works on any model, by the same means.",
    reference,
    operations,
    async run(context) {
      const messages = [{ role: "user", content: "Answer in JSON." }];
      const asked = { messages, response_format: { type: "json_object" } };
      context.engines.play({ engineChat: saying({ tool_calls: [functionCall("answer", OSLO)] }) });
      assert.equal((await chat(context, { model: MODELS.formless, ...asked })).choices[0]?.message.content, OSLO_TEXT);
      context.engines.play({ engineChat: saying("Well.", OSLO_TEXT) });
      assert.equal((await chat(context, { model: MODELS.words, ...asked })).choices[0]?.message.content, OSLO_TEXT);
    },
  },
];

function escaped(pattern: string): string {
  return pattern.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
