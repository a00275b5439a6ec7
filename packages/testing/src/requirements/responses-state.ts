import assert from "node:assert/strict";
import { RESPONSES, refused, responseBody } from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import { KEYS, MODELS } from "../kit/models.ts";
import { ANSWER } from "../kit/script.ts";
import { PAGES, type Requirement, type RequirementContext } from "../requirement.ts";

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
    operations: ["getResponse", "deleteResponse"],
    async run({ client, http }) {
      const { id } = await client.responses.create({ model: MODELS.chat, input: "Hi" });
      for (const method of ["GET", "DELETE"]) {
        await gone(await http.send({ path: `${RESPONSES}/${NOWHERE}`, method }), NOWHERE);
        await gone(await http.send({ path: `${RESPONSES}/${id}`, method, key: KEYS.plain }), id);
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
];

async function gone(reply: Parameters<typeof assertError>[0], id: string): Promise<void> {
  assertError(reply, { status: 404, code: null, message: new RegExp(`^Response with id '${id}' not found\\.$`) });
}
