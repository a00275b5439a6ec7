import assert from "node:assert/strict";
import type OpenAI from "openai";
import { COMPACT, RESPONSES, refused } from "../kit/ask.ts";
import type { ExpectedError } from "../kit/assert-error.ts";
import { assertError } from "../kit/assert-error.ts";
import { KEYS, MODELS } from "../kit/models.ts";
import { saying } from "../kit/saying.ts";
import { sentBody, upstreamJson } from "../kit/upstream.ts";
import { PAGES, type Requirement, type RequirementContext } from "../requirement.ts";

const operations = ["Compactconversation"];
const reference = PAGES.responseCompact;
const SUMMARY = "The user is called Ada.";

const LONG: OpenAI.Responses.ResponseInputItem[] = [
  { role: "user", content: "I am Ada." },
  { role: "assistant", content: "Hello, Ada." },
  { role: "user", content: "I like ferns." },
  { role: "assistant", content: "So do I." },
];

/** Bodies that are refused before a model is asked, with what names the mistake. */
const WRONG: readonly [body: object, param: string, code: string][] = [
  [{ input: "Hi" }, "model", "missing_required_parameter"],
  [{ model: MODELS.engine }, "input", "missing_required_parameter"],
  [{ model: MODELS.engine, input: "Hi", temprature: 1 }, "temprature", "unknown_parameter"],
  [{ model: MODELS.engine, input: [{ type: "nonsense" }] }, "input[0].type", "invalid_value"],
  [{ model: MODELS.engine, previous_response_id: "resp_0" }, "previous_response_id", "previous_response_not_found"],
];

/** Requirements on long conversations that are made short. */
export const responsesCompactRequirements: readonly Requirement[] = [
  {
    id: "responses.compact.output",
    title: "A compacted conversation is the user's messages, then one opaque item; it says what making it took.",
    reference,
    operations,
    async run(context) {
      const { made } = await compact(context);
      assert.equal(made.object, "response.compaction");
      assert.ok(Number.isInteger(made.created_at));
      assert.deepEqual(
        made.output.map((item) =>
          item.type === "message" ? item.content.map((part) => "text" in part && part.text) : item.type,
        ),
        [["I am Ada."], ["I like ferns."], "compaction"],
      );
      assert.ok(!JSON.stringify(made).includes(SUMMARY), "the compaction can be read");
      assert.deepEqual([made.usage.input_tokens, made.usage.output_tokens, made.usage.total_tokens], [10, 5, 15]);
    },
  },
  {
    id: "responses.compact.continue",
    title:
      "What was compacted is an input to go on from: the model knows the user's messages and what the rest came to.",
    reference: PAGES.compaction,
    operations: [...operations, "createResponse"],
    async run(context) {
      const { input } = await compact(context);
      await context.client.responses.create({
        model: MODELS.engine,
        input: [...input, { role: "user", content: "And?" }],
      });
      const messages = context.engines.calls.at(-1)?.request.messages as { role: string; content: string }[];
      assert.deepEqual(
        [messages[0]?.content, messages[1]?.content, messages.at(-1)?.content],
        ["I am Ada.", "I like ferns.", "And?"],
      );
      assert.match(messages[2]?.content ?? "", new RegExp(SUMMARY));
      assert.equal(messages.length, 4);
    },
  },
  {
    id: "responses.compact.stored",
    title: "With `previous_response_id`, everything that was said before is compacted.",
    reference,
    operations,
    async run({ client, engines }) {
      engines.play({ engineChat: saying("Hello, Ada.", SUMMARY) });
      const { id } = await client.responses.create({ model: MODELS.engine, input: "I am Ada." });
      const made = await client.responses.compact({ model: MODELS.engine, previous_response_id: id });
      assert.deepEqual(
        made.output.map(({ type }) => type),
        ["message", "compaction"],
      );
      assert.match(JSON.stringify(engines.calls.at(-1)?.request.messages), /Hello, Ada\./);
    },
  },
  {
    id: "responses.compact.sealed",
    title: "A compaction that was changed, is another project's or nobody's is a 400 `invalid_encrypted_content`.",
    reference: PAGES.errors,
    operations,
    async run(context) {
      const { input, sealed } = await compact(context);
      const refuse = async (encrypted_content: string, key: string = KEYS.organization) => {
        const changed = input.map((item) => (item.type === "compaction" ? { ...item, encrypted_content } : item));
        const body = { model: MODELS.engine, input: changed };
        const expected: ExpectedError = { status: 400, code: "invalid_encrypted_content", param: null };
        assertError(await context.http.send({ path: RESPONSES, body, key }), expected);
      };
      await refuse(`${sealed.slice(0, -2)}AA`);
      await refuse("gAAAAABnQ2Fubm90IGJlIHJlYWQ=");
      await refuse(sealed, KEYS.plain);
      assert.equal(context.engines.calls.length, 1, "a refused request reached the engine");
    },
  },
  {
    id: "responses.compact.refusals",
    title: "A compaction without a model or anything to compact, or with what is unknown, is a 400 that names it.",
    reference,
    operations,
    async run(context) {
      for (const [body, param, code] of WRONG) {
        await refused(context, { path: COMPACT, body }, { status: 400, param, code });
      }
    },
  },
  {
    id: "responses.compact.far",
    title:
      "A far side that has Responses compacts itself, under the outlet's ids; it alone gets back what it has made.",
    reference,
    operations,
    async run({ client, engines }) {
      const far = [
        {
          id: "msg_far",
          type: "message",
          role: "user",
          status: "completed",
          content: [{ type: "input_text", text: "Hi" }],
        },
        { id: "cmp_far", type: "compaction", encrypted_content: "made-far-away" },
      ];
      const usage = { input_tokens: 9, output_tokens: 2, total_tokens: 11 };
      const reply = { id: "resp_far", object: "response.compaction", created_at: 7, output: far, usage };
      engines.play({ upstream: async () => upstreamJson(reply) });
      const made = await client.responses.compact({ model: MODELS.responses, input: "Hi" });
      const { path } = engines.calls[0]?.request ?? {};
      assert.equal(path, "/responses/compact");
      assert.ok(!JSON.stringify(made).includes("_far"), "an id of the far side is shown");
      assert.deepEqual([made.created_at, made.usage.total_tokens], [7, 11]);
      const input = made.output as OpenAI.Responses.ResponseInputItem[];
      await client.responses.compact({ model: MODELS.responses, input });
      const sent = sentBody(engines.calls[1]?.request).input as { encrypted_content?: string }[];
      assert.equal(sent[1]?.encrypted_content, "made-far-away");
      await assert.rejects(client.responses.create({ model: MODELS.engine, input }), { status: 400 });
    },
  },
];

async function compact({ client, engines }: RequirementContext) {
  engines.play({ engineChat: saying(SUMMARY, "Ferns.") });
  const made = await client.responses.compact({ model: MODELS.engine, input: LONG });
  const last = made.output.at(-1);
  assert.ok(last?.type === "compaction");
  return { made, input: made.output as OpenAI.Responses.ResponseInputItem[], sealed: last.encrypted_content };
}
