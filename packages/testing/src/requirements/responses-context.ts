import assert from "node:assert/strict";
import type OpenAI from "openai";
import { RESPONSES, refused, responseBody } from "../kit/ask.ts";
import { readNamedEvents } from "../kit/event-stream.ts";
import { MODELS } from "../kit/models.ts";
import { saying } from "../kit/saying.ts";
import { PAGES, type Requirement, type RequirementContext } from "../requirement.ts";

const operations = ["createResponse"];
const SUMMARY = "The user is called Ada.";
const LONG: OpenAI.Responses.ResponseInputItem[] = [
  { role: "user", content: "I am Ada." },
  { role: "assistant", content: "word ".repeat(1200) },
  { role: "user", content: "Who am I?" },
];
const MANAGED = [{ type: "compaction", compact_threshold: 1000 }];
const TRIGGER = { type: "compaction_trigger" } as const;
const PIXEL = "data:image/png;base64,iVBORw0KGgo=";

/** Requirements on contexts that are too long, or nearly. */
export const responsesContextRequirements: readonly Requirement[] = [
  {
    id: "responses.context.managed",
    title:
      "Beyond the threshold of `context_management`, the context is compacted first: in the same stream, as an opaque item, to go on from.",
    reference: PAGES.compaction,
    operations,
    async run(context) {
      context.engines.play({ engineChat: saying(SUMMARY, "Ada.") });
      const body = responseBody({ model: MODELS.engine, input: LONG, context_management: MANAGED, stream: true });
      const events = await readNamedEvents<OpenAI.Responses.ResponseStreamEvent>(context.http, {
        path: RESPONSES,
        body,
      });
      assert.ok(!JSON.stringify(events).includes(SUMMARY), "the compaction can be read");
      const last = events.at(-1);
      assert.ok(last?.type === "response.completed");
      const { id, output, usage } = last.response;
      assert.deepEqual(
        output.map(({ type }) => type),
        ["compaction", "message"],
      );
      assert.deepEqual([usage?.input_tokens, usage?.output_tokens], [20, 10]);
      assert.deepEqual(texts(context).slice(1), ["Who am I?"]);
      await context.client.responses.create({ model: MODELS.engine, input: "Sure?", previous_response_id: id });
      assert.match(texts(context)[0] ?? "", new RegExp(SUMMARY));
      assert.deepEqual(texts(context).slice(1), ["Who am I?", "Ada.", "Sure?"]);
    },
  },
  {
    id: "responses.context.short",
    title: "A context below the threshold is left alone; another way of managing is a 400 that names it.",
    reference: PAGES.responses,
    operations,
    async run(context) {
      for (const [management, param] of [
        [{ type: "clear" }, "context_management[0].type"],
        [{ type: "compaction", compact_threshold: 999 }, "context_management[0].compact_threshold"],
      ]) {
        const body = responseBody({ model: MODELS.engine, context_management: [management] });
        await refused(context, { path: RESPONSES, body }, { status: 400, param: String(param) });
      }
      await context.client.responses.create({ model: MODELS.engine, input: "Hi", context_management: MANAGED });
      assert.equal(context.engines.calls.length, 1);
    },
  },
  {
    id: "responses.context.trigger",
    title:
      "A `compaction_trigger` at the end of the input gives one compaction and no answer; anywhere else it is a 400.",
    reference: PAGES.responses,
    operations,
    async run(context) {
      const body = responseBody({ model: MODELS.engine, input: [TRIGGER, ...LONG] });
      await refused(context, { path: RESPONSES, body }, { status: 400, param: "input[0].type" });
      context.engines.play({ engineChat: saying(SUMMARY, "Ada.") });
      const made = await context.client.responses.create({ model: MODELS.engine, input: [...LONG, TRIGGER] });
      assert.deepEqual(
        made.output.map(({ type }) => type),
        ["compaction"],
      );
      await context.client.responses.create({ model: MODELS.engine, input: "So?", previous_response_id: made.id });
      assert.deepEqual([texts(context)[0], texts(context)[1], texts(context)[3]], ["I am Ada.", "Who am I?", "So?"]);
      assert.match(texts(context)[2] ?? "", new RegExp(SUMMARY));
    },
  },
  {
    id: "responses.context.truncated",
    title: "With `truncation: auto` the first items are left out until the rest fits the model; without, it is a 400.",
    reference: PAGES.responses,
    operations,
    async run(context) {
      const input: OpenAI.Responses.ResponseInputItem[] = [
        { role: "user", content: "q".repeat(20) },
        { role: "assistant", content: "a".repeat(20) },
        { role: "user", content: "And?" },
      ];
      const too = { status: 400, code: "context_length_exceeded", param: "input" };
      const body = responseBody({ model: MODELS.small, input });
      await refused(context, { path: RESPONSES, body }, too);
      const lone = responseBody({ model: MODELS.small, input: "w".repeat(80), truncation: "auto" });
      await refused(context, { path: RESPONSES, body: lone }, too);
      const reply = await context.http.send({ path: RESPONSES, body: { ...body, truncation: "auto" } });
      assert.equal(reply.status, 200, reply.text);
      assert.match(reply.headers["outlet-emulated"] ?? "", /\btruncation\b/);
      assert.deepEqual(texts(context), ["a".repeat(20), "And?"]);
    },
  },
  {
    id: "responses.context.uncounted",
    title: "`truncation: auto` is refused by name for a model whose room nobody knows.",
    reference: PAGES.responses,
    operations,
    async run(context) {
      const body = responseBody({ model: MODELS.engine, truncation: "auto" });
      await refused(
        context,
        { path: RESPONSES, body },
        { status: 400, param: "truncation", code: "unsupported_parameter" },
      );
    },
  },
  {
    id: "responses.input.tool-media",
    title: "Images and files that a tool gave back reach a model that chats, behind the words; the reply says how.",
    reference: PAGES.functionCalling,
    operations,
    async run(context) {
      const call = (call_id: string) => ({ type: "function_call", call_id, name: "look", arguments: "{}" });
      const image = { type: "input_image", image_url: PIXEL };
      const input = [
        { role: "user", content: "Look." },
        call("call_1"),
        call("call_2"),
        { type: "function_call_output", call_id: "call_1", output: [{ type: "input_text", text: "A fern." }, image] },
        { type: "function_call_output", call_id: "call_2", output: [image] },
      ];
      const reply = await context.http.send({ path: RESPONSES, body: responseBody({ model: MODELS.engine, input }) });
      assert.equal(reply.status, 200, reply.text);
      assert.match(reply.headers["outlet-emulated"] ?? "", /\binput\b/);
      const messages = context.engines.calls[0]?.request.messages as { role: string; content: unknown }[];
      assert.deepEqual(
        messages.map(({ role }) => role),
        ["user", "assistant", "tool", "tool", "user"],
      );
      assert.equal(messages[2]?.content, "A fern.");
      const shown = messages[4]?.content as { type: string }[];
      assert.deepEqual(
        shown.map(({ type }) => type),
        ["text", "image_url", "text", "image_url"],
      );
      const far = [{ type: "input_image", file_id: "file-1" }];
      const body = responseBody({
        model: MODELS.engine,
        input: [...input.slice(0, 2), { type: "function_call_output", call_id: "call_1", output: far }],
      });
      const refusal = await context.http.send({ path: RESPONSES, body });
      assert.equal(refusal.status, 400);
      assert.match(refusal.text, /input\[2\]\.output\[0\]\.file_id/);
    },
  },
];

/** The words of the messages that a model was asked with last. */
function texts({ engines }: RequirementContext): string[] {
  const messages = engines.calls.at(-1)?.request.messages as { content: string }[];
  return messages.map(({ content }) => content);
}
