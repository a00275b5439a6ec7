import assert from "node:assert/strict";
import type { Model } from "openai/resources";
import { assertError } from "../kit/assert-error.ts";
import { MODELS } from "../kit/models.ts";
import { PAGES, type Requirement } from "../requirement.ts";

const LISTED = Object.values(MODELS).filter((id) => id !== MODELS.ended);

/** Without the model that a requirement deletes. */
function lasting(ids: readonly string[]): string[] {
  return ids.filter((id) => id !== MODELS.tuned).toSorted();
}

export const modelsRequirements: readonly Requirement[] = [
  {
    id: "models.list",
    title: "The list has `object: list` and, for each model, exactly its id, object, date and owner.",
    reference: PAGES.modelList,
    operations: ["listModels"],
    async run({ http }) {
      const reply = await http.send({ path: "/models" });
      assert.equal(reply.status, 200);
      const list = reply.json() as { object: string; data: Model[] };
      assert.deepEqual(Object.keys(list).toSorted(), ["data", "object"]);
      assert.equal(list.object, "list");
      assert.deepEqual(lasting(list.data.map(({ id }) => id)), lasting(LISTED));
      for (const model of list.data) assertModel(model);
    },
  },
  {
    id: "models.list.sdk",
    title: "The SDK pages through the list to its end.",
    reference: PAGES.modelList,
    operations: ["listModels"],
    async run({ client }) {
      const ids: string[] = [];
      for await (const model of client.models.list()) ids.push(model.id);
      assert.deepEqual(lasting(ids), lasting(LISTED));
    },
  },
  {
    id: "models.retrieve",
    title: "A model is retrieved by its id, as the list shows it.",
    reference: PAGES.modelRetrieve,
    operations: ["retrieveModel"],
    async run({ client }) {
      const model = await client.models.retrieve(MODELS.chat);
      assertModel(model);
      const listed = (await client.models.list()).data.find(({ id }) => id === MODELS.chat);
      assert.deepEqual({ ...model }, { ...listed });
    },
  },
  {
    id: "models.retrieve.slash",
    title: "An id with slashes is found, whether the client encodes them or not.",
    reference: PAGES.modelRetrieve,
    operations: ["retrieveModel"],
    async run({ client, http }) {
      const expected = { id: MODELS.slashed, object: "model", created: 1_700_000_000, owned_by: "kit-labs" };
      assert.deepEqual({ ...(await client.models.retrieve(MODELS.slashed)) }, expected);
      const plain = await http.send({ path: `/models/${MODELS.slashed}` });
      assert.equal(plain.status, 200, plain.text);
      assert.deepEqual(plain.json(), expected);
    },
  },
  {
    id: "models.retrieve.unknown",
    title: "An unknown model is a 404 with the code `model_not_found`; the SDK throws NotFoundError.",
    reference: PAGES.errors,
    operations: ["retrieveModel"],
    async run({ client, http }) {
      const missing = { status: 404, code: "model_not_found", message: /`no-such-model` does not exist/ };
      assertError(await http.send({ path: "/models/no-such-model" }), missing);
      assertError(await http.send({ path: "/models/no%20such%20model%2F1" }), {
        ...missing,
        message: /no such model\/1/,
      });
      await assert.rejects(client.models.retrieve("no-such-model"), { name: "Error", status: 404 });
    },
  },
];

function assertModel(model: Model): void {
  assert.deepEqual(Object.keys(model).toSorted(), ["created", "id", "object", "owned_by"]);
  assert.equal(model.object, "model");
  assert.ok(Number.isInteger(model.created), "created is not in whole seconds");
  assert.ok(model.owned_by.length > 0);
}
