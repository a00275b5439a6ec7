import assert from "node:assert/strict";
import { RESPONSES, refused, responseBody } from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import { KEYS, MODELS } from "../kit/models.ts";
import { ANSWER } from "../kit/script.ts";
import { PAGES, type Requirement, type RequirementContext } from "../requirement.ts";
import { WEATHER } from "./responses.ts";

const NOWHERE = `resp_${"0".repeat(32)}`;

/** Requirements on what is remembered of responses. */
export const responsesStateRequirements: readonly Requirement[] = [
  {
    id: "responses.get",
    title: "A stored response is given again as it was; `store` is on unless it is turned off.",
    reference: PAGES.responseGet,
    operations: ["getResponse"],
    async run({ client }) {
      const response = await client.responses.create({ model: MODELS.chat, input: "Hi", metadata: { a: "b" } });
      assert.deepEqual(await client.responses.retrieve(response.id), response);
    },
  },
  {
    id: "responses.beta",
    title:
      "The operations of `?beta=true`, which the SDK has under `client.beta.responses`, answer as the plain ones do.",
    reference: PAGES.responses,
    operations: [
      "createResponse",
      "getResponse",
      "deleteResponse",
      "cancelResponse",
      "Compactconversation",
      "listInputItems",
      "Getinputtokencounts",
    ],
    async run({ client, http }) {
      const { responses } = client.beta;
      const asked = { model: MODELS.chat, input: "Hi" };
      const { id } = await responses.create(asked);
      const plain = await client.responses.retrieve(id);
      const beta = await responses.retrieve(id);
      assert.deepEqual([beta.id, beta.output], [plain.id, plain.output]);
      const events: string[] = [];
      for await (const { type } of await responses.create({ ...asked, stream: true })) events.push(type);
      assert.deepEqual([events[0], events.at(-1)], ["response.created", "response.completed"]);
      const items = await responses.inputItems.list(id);
      assert.deepEqual(items.data, (await client.responses.inputItems.list(id)).data);
      assert.deepEqual(await responses.inputTokens.count(asked), await client.responses.inputTokens.count(asked));
      assert.equal((await responses.compact(asked)).object, "response.compaction");
      await assert.rejects(responses.cancel(id), { status: 400 });
      await responses.delete(id);
      await gone(await http.send({ path: `${RESPONSES}/${id}` }), id);
    },
  },
  {
    id: "responses.store-off",
    title: "With `store: false` nothing is kept: the id is a 404.",
    reference: PAGES.responses,
    operations: ["createResponse", "getResponse"],
    async run({ client, http }) {
      const { id, store } = (await client.responses.create({ model: MODELS.chat, input: "Hi", store: false })) as {
        id: string;
        store?: boolean;
      };
      assert.equal(store, false);
      assertError(await http.send({ path: `${RESPONSES}/${id}` }), { status: 404 });
    },
  },
  {
    id: "responses.delete",
    title: "A deleted response is gone: the reply says `deleted`, and the id is a 404 from then on.",
    reference: PAGES.responseDelete,
    operations: ["deleteResponse"],
    async run({ client, http }) {
      const { id } = await client.responses.create({ model: MODELS.chat, input: "Hi" });
      const reply = await http.send({ path: `${RESPONSES}/${id}`, method: "DELETE" });
      assert.deepEqual(reply.json(), { id, object: "response", deleted: true });
      for (const method of ["GET", "DELETE"]) await gone(await http.send({ path: `${RESPONSES}/${id}`, method }), id);
    },
  },
  {
    id: "responses.unknown",
    title: "An unknown id is a 404 that says so; so is the id of another project's response, never a 403.",
    reference: PAGES.responseGet,
    operations: ["getResponse", "deleteResponse", "cancelResponse", "listInputItems"],
    async run({ client, http }) {
      const { id } = await client.responses.create({ model: MODELS.chat, input: "Hi" });
      const requests = [
        ["GET", ""],
        ["DELETE", ""],
        ["POST", "/cancel"],
        ["GET", "/input_items"],
      ] as const;
      for (const [method, below] of requests) {
        await gone(await http.send({ path: `${RESPONSES}/${NOWHERE}${below}`, method }), NOWHERE);
        await gone(await http.send({ path: `${RESPONSES}/${id}${below}`, method, key: KEYS.plain }), id);
      }
      assert.equal((await client.responses.retrieve(id)).id, id);
    },
  },
  {
    id: "responses.previous",
    title:
      "`previous_response_id` goes on from a stored response and all before it; their instructions do not carry over.",
    reference: PAGES.conversationState,
    operations: ["createResponse"],
    async run({ client, engines }) {
      const ask = (input: string, more: { previous_response_id?: string; instructions?: string } = {}) =>
        client.responses.create({ model: MODELS.engine, input, ...more });
      const first = await ask("One", { instructions: "Be brief." });
      const second = await ask("Two", { previous_response_id: first.id });
      const third = await ask("Three", { previous_response_id: second.id, instructions: "Be kind." });
      assert.equal(third.previous_response_id, second.id);
      assert.deepEqual(engines.calls.at(-1)?.request.messages, [
        { role: "system", content: "Be kind." },
        { role: "user", content: "One" },
        { role: "assistant", content: ANSWER },
        { role: "user", content: "Two" },
        { role: "assistant", content: ANSWER },
        { role: "user", content: "Three" },
      ]);
    },
  },
  {
    id: "responses.previous.unknown",
    title: "A `previous_response_id` that is unknown, or another project's, is a 400 `previous_response_not_found`.",
    reference: PAGES.conversationState,
    operations: ["createResponse"],
    async run(context: RequirementContext) {
      const { id } = await context.client.responses.create({ model: MODELS.chat, input: "Hi" });
      const expected = { status: 400, param: "previous_response_id", code: "previous_response_not_found" } as const;
      const reply = await context.http.send({
        path: RESPONSES,
        body: responseBody({ previous_response_id: id }),
        key: KEYS.plain,
      });
      assertError(reply, expected);
      context.engines.reset();
      const body = responseBody({ previous_response_id: NOWHERE });
      await refused(
        context,
        { path: RESPONSES, body },
        { ...expected, message: /Previous response with id '\w+' not found\./ },
      );
    },
  },
  {
    id: "responses.item-reference",
    title: "`item_reference` stands for an item of a stored response; an unknown one is a 404 that gives its id.",
    reference: PAGES.responses,
    operations: ["createResponse"],
    async run(context) {
      const { client, engines, http } = context;
      const first = await client.responses.create({ model: MODELS.engine, input: "Hi" });
      const id = first.output[0]?.id ?? "";
      const input = [
        { type: "item_reference" as const, id },
        { role: "user" as const, content: "Again" },
      ];
      await client.responses.create({ model: MODELS.engine, input });
      assert.deepEqual(engines.calls.at(-1)?.request.messages, [
        { role: "assistant", content: ANSWER },
        { role: "user", content: "Again" },
      ]);
      const unknown = responseBody({ input: [{ type: "item_reference", id: "msg_nothing" }] });
      assertError(await http.send({ path: RESPONSES, body: unknown }), { status: 404, message: /'msg_nothing'/ });
    },
  },
  {
    id: "responses.conversation",
    title:
      "With `conversation` a model knows what was said in it, and what is said is added to it, when the response is over.",
    reference: PAGES.conversationState,
    operations: ["createResponse", "createConversation", "listConversationItems"],
    async run({ client, engines }) {
      const { id } = await client.conversations.create({ items: [{ role: "user", content: "Before" }] });
      const first = await client.responses.create({ model: MODELS.engine, input: "One", conversation: id });
      assert.deepEqual(first.conversation, { id });
      await client.responses.create({ model: MODELS.engine, input: "Two", conversation: { id }, store: false });
      const said = [
        { role: "user", content: "Before" },
        { role: "user", content: "One" },
        { role: "assistant", content: ANSWER },
        { role: "user", content: "Two" },
      ];
      assert.deepEqual(engines.calls.at(-1)?.request.messages, said);
      const { data } = await client.conversations.items.list(id, { order: "asc" });
      assert.deepEqual(
        data.map((item) => item.type === "message" && item.role),
        ["user", "user", "assistant", "user", "assistant"],
      );
      assert.equal(data[2]?.id, first.output[0]?.id);
    },
  },
  {
    id: "responses.conversation.unknown",
    title: "An unknown `conversation`, or another project's, is a 404; the model is not asked.",
    reference: PAGES.conversationState,
    operations: ["createResponse"],
    async run(context: RequirementContext) {
      const { id } = await context.client.conversations.create();
      for (const [conversation, key] of [
        ["conv_nothing", KEYS.organization],
        [id, KEYS.plain],
      ] as const) {
        const body = responseBody({ conversation });
        await refused(context, { path: RESPONSES, body, key }, { status: 404 });
      }
    },
  },
  {
    id: "responses.cancel",
    title: "A response that is not in the background cannot be cancelled: a 400 says so.",
    reference: PAGES.responseCancel,
    operations: ["cancelResponse"],
    async run({ client, http }) {
      const { id } = await client.responses.create({ model: MODELS.chat, input: "Hi" });
      const reply = await http.send({ path: `${RESPONSES}/${id}/cancel`, method: "POST" });
      assertError(reply, { status: 400, message: /Cannot cancel a synchronous response\./ });
    },
  },
  {
    id: "responses.input-items",
    title: "Input items list what a response was asked about, all before it included; newest first, page by page.",
    reference: PAGES.responseInputItems,
    operations: ["listInputItems"],
    async run({ client }) {
      const first = await client.responses.create({ model: MODELS.chat, input: "One" });
      const { id } = await client.responses.create({
        model: MODELS.chat,
        input: [{ role: "user", content: [{ type: "input_text", text: "Two" }] }],
        previous_response_id: first.id,
      });
      const texts: string[] = [];
      for await (const item of client.responses.inputItems.list(id, { limit: 2 })) {
        assert.ok(item.type === "message" && item.id);
        const [part] = item.content;
        texts.push(part && "text" in part ? part.text : "");
      }
      assert.deepEqual(texts, ["Two", ANSWER, "One"]);
      const page = await client.responses.inputItems.list(id, { order: "asc", limit: 1 });
      assert.ok(page.has_more && page.data.length === 1);
    },
  },
  {
    id: "responses.input-items.cursor",
    title: "A cursor that is not in the list, and a limit out of range, are 400s that name the parameter.",
    reference: PAGES.responseInputItems,
    operations: ["listInputItems"],
    async run({ client, http }) {
      const { id } = await client.responses.create({ model: MODELS.chat, input: "One" });
      for (const [query, param] of [
        ["after=msg_nothing", "after"],
        ["limit=101", "limit"],
        ["order=up", "order"],
      ] as const) {
        assertError(await http.send({ path: `${RESPONSES}/${id}/input_items?${query}` }), { status: 400, param });
      }
    },
  },
  {
    id: "responses.input-tokens",
    title: "Input tokens are counted without asking the model: instructions, input, tools and what came before.",
    reference: PAGES.responseInputTokens,
    operations: ["Getinputtokencounts"],
    async run({ client, engines }) {
      const { id } = await client.responses.create({ model: MODELS.chat, input: "A first question." });
      engines.reset();
      const count = async (more: object) => {
        const counted = await client.responses.inputTokens.count({ model: MODELS.chat, input: "Hi", ...more });
        assert.equal(counted.object, "response.input_tokens");
        return counted.input_tokens;
      };
      const alone = await count({});
      assert.ok(alone > 0);
      assert.ok((await count({ instructions: "Be brief, and kind." })) > alone);
      assert.ok((await count({ tools: [WEATHER] })) > alone);
      assert.ok((await count({ previous_response_id: id })) > alone);
      assert.equal(engines.calls.length, 0);
    },
  },
  {
    id: "responses.refer",
    title:
      "Creating and counting refuse the same references: unknown responses with a 400, unknown conversations with a 404.",
    reference: PAGES.conversationState,
    operations: ["createResponse", "Getinputtokencounts"],
    async run(context: RequirementContext) {
      for (const path of [RESPONSES, `${RESPONSES}/input_tokens`]) {
        const previous = { path, body: responseBody({ previous_response_id: NOWHERE }) };
        await refused(context, previous, { status: 400, code: "previous_response_not_found" });
        await refused(context, { path, body: responseBody({ conversation: "conv_nothing" }) }, { status: 404 });
      }
    },
  },
];

async function gone(reply: Parameters<typeof assertError>[0], id: string): Promise<void> {
  assertError(reply, { status: 404, code: null, message: new RegExp(`^Response with id '${id}' not found\\.$`) });
}
