import assert from "node:assert/strict";
import type OpenAI from "openai";
import { RESPONSES, responseBody } from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import { readNamedEvents } from "../kit/event-stream.ts";
import { KEYS, MODELS } from "../kit/models.ts";
import { saying } from "../kit/saying.ts";
import { PAGES, type Requirement, type RequirementContext } from "../requirement.ts";

const operations = ["createResponse"];
const reference = PAGES.reasoning;
const THOUGHT = "The user wants to be greeted.";
const include = ["reasoning.encrypted_content"] as const;

/** Requirements on thoughts that clients keep for the server, of models that show them to the outlet. */
export const responsesThoughtsRequirements: readonly Requirement[] = [
  {
    id: "responses.thoughts.sealed",
    title:
      "With `reasoning.encrypted_content`, thoughts come sealed, streamed or whole; given back, they go to the model that had them.",
    reference,
    operations,
    async run(context) {
      const { input, sealed } = await thoughtOf(context);
      assert.ok(!sealed.includes(THOUGHT), "the thought can be read");
      await context.client.responses.create({ model: MODELS.engine, store: false, input });
      const messages = context.engines.calls.at(-1)?.request.messages as Record<string, unknown>[];
      assert.equal(messages[1]?.reasoning_content, THOUGHT);

      const body = responseBody({ model: MODELS.engine, stream: true, include });
      const events = await readNamedEvents<OpenAI.Responses.ResponseStreamEvent>(context.http, {
        path: RESPONSES,
        body,
      });
      const done = events.find((event) => event.type === "response.output_item.done");
      const last = events.at(-1);
      assert.ok(done?.type === "response.output_item.done" && done.item.type === "reasoning");
      assert.ok(done.item.encrypted_content, "the streamed item has no encrypted content");
      assert.ok(last?.type === "response.completed");
      assert.deepEqual(last.response.output[0], done.item);
    },
  },
  {
    id: "responses.thoughts.unasked",
    title:
      "Thoughts are not sealed unless they are asked for; a stored response has them sealed when it is asked for later.",
    reference: PAGES.responseGet,
    operations: ["createResponse", "getResponse", "listInputItems"],
    async run({ client, engines }) {
      engines.play({ engineChat: saying(THINKING) });
      const first = await client.responses.create({ model: MODELS.engine, input: "Hi" });
      assert.ok(!("encrypted_content" in (first.output[0] ?? {})), "nobody has asked for it");
      const { output } = await client.responses.retrieve(first.id, { include: [...include] });
      assert.ok(output[0]?.type === "reasoning" && output[0].encrypted_content, "the retrieved item is not sealed");
      const next = await client.responses.create({
        model: MODELS.engine,
        input: [{ type: "function_call_output", call_id: "call_1", output: "Rain" }],
        previous_response_id: first.id,
      });
      const items = await client.responses.inputItems.list(next.id, { include: [...include] });
      const listed = items.data.find(({ type }) => type === "reasoning");
      assert.ok(listed?.type === "reasoning" && listed.encrypted_content, "the listed item is not sealed");
    },
  },
  {
    id: "responses.thoughts.refused",
    title:
      "Sealed thoughts that were changed, are another project's or nobody's are a 400 `invalid_encrypted_content`.",
    reference: PAGES.errors,
    operations,
    async run(context) {
      const { input, sealed } = await thoughtOf(context);
      const asked = context.engines.calls.length;
      const refuse = async (encrypted_content: string, key: string = KEYS.organization) => {
        const changed = input.map((item) => (item.type === "reasoning" ? { ...item, encrypted_content } : item));
        const body = responseBody({ model: MODELS.engine, input: changed });
        assertError(await context.http.send({ path: RESPONSES, body, key }), {
          status: 400,
          code: "invalid_encrypted_content",
          param: null,
          message: /could not be verified/,
        });
      };
      await refuse(`${sealed.slice(0, -1)}${sealed.endsWith("A") ? "B" : "A"}`);
      await refuse("gAAAAABnQ2Fubm90IGJlIHJlYWQ=");
      await refuse(sealed, KEYS.plain);
      assert.equal(context.engines.calls.length, asked, "a refused request reached the engine");
    },
  },
];

const call = { id: "call_1", type: "function", function: { name: "weather", arguments: "{}" } } as const;
const THINKING = {
  reasoning_content: THOUGHT,
  content: null,
  tool_calls: [call],
  finish_reason: "tool_calls",
} as object;

/** What a client sends back that has kept a turn itself, without the words of its thought. */
async function thoughtOf({ client, engines }: RequirementContext) {
  engines.play({ engineChat: saying(THINKING) });
  const { output } = await client.responses.create({
    model: MODELS.engine,
    store: false,
    include: [...include],
    input: "Hi",
  });
  const [reasoning, called] = output;
  assert.ok(reasoning?.type === "reasoning" && called?.type === "function_call");
  const { content: _, ...kept } = reasoning;
  const input: OpenAI.Responses.ResponseInputItem[] = [
    { role: "user", content: "Hi" },
    kept,
    called,
    { type: "function_call_output", call_id: called.call_id, output: "Rain" },
  ];
  return { input, sealed: kept.encrypted_content ?? "" };
}
