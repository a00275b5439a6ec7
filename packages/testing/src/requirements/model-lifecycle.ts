import assert from "node:assert/strict";
import { CHAT, COMPLETIONS, chatBody, completionBody, EMBEDDINGS, embeddingBody } from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import { KEYS, MODELS } from "../kit/models.ts";
import { PAGES, type Requirement } from "../requirement.ts";

export const modelLifecycleRequirements: readonly Requirement[] = [
  {
    id: "models.alias",
    title:
      "A stable id stands for a snapshot, which a project may pin; the reply's `model` and `openai-model` name it.",
    reference: PAGES.modelList,
    operations: ["createChatCompletion"],
    async run({ http, engines }) {
      for (const [key, snapshot] of [
        [KEYS.plain, MODELS.snapshot],
        [KEYS.organization, MODELS.pinned],
      ] as const) {
        const reply = await http.send({ path: CHAT, body: chatBody({ model: MODELS.stable }), key });
        assert.equal(reply.status, 200, reply.text);
        assert.equal((reply.json() as { model: string }).model, snapshot);
        assert.equal(reply.headers["openai-model"], snapshot);
        assert.equal(engines.calls.at(-1)?.request.model, snapshot);
      }
    },
  },
  {
    id: "models.deprecation",
    title: "Replies of a model that will be shut down carry `deprecation` and `sunset`; those of others do not.",
    reference: PAGES.modelList,
    operations: ["createChatCompletion"],
    async run({ http }) {
      const ending = await http.send({ path: CHAT, body: chatBody({ model: MODELS.ending }) });
      assert.equal(ending.headers.deprecation, "@978307200");
      assert.equal(ending.headers.sunset, "Sat, 01 Jun 2999 00:00:00 GMT");
      const staying = await http.send({ path: CHAT, body: chatBody({ model: MODELS.snapshot }) });
      assert.equal(staying.headers.deprecation, undefined);
      assert.equal(staying.headers.sunset, undefined);
    },
  },
  {
    id: "models.shutdown",
    title: "A model that was shut down is a 404 that names its successor, whichever operation asks for it.",
    reference: PAGES.errors,
    operations: ["createChatCompletion", "retrieveModel", "deleteModel"],
    async run({ http, engines }) {
      const error = { status: 404, code: "model_not_found", message: /2001-06-01.*`kit-stable-2026-03-01`/ };
      assertError(await http.send({ path: CHAT, body: chatBody({ model: MODELS.ended }) }), error);
      assertError(await http.send({ path: `/models/${MODELS.ended}` }), error);
      assertError(await http.send({ method: "DELETE", path: `/models/${MODELS.ended}` }), error);
      assert.equal(engines.calls.length, 0);
    },
  },
  {
    id: "models.context-length",
    title: "What the model has no room for is a 400 `context_length_exceeded` before the engine is asked.",
    reference: PAGES.errors,
    operations: ["createChatCompletion", "createCompletion", "createEmbedding"],
    async run({ http, engines }) {
      const model = MODELS.small;
      const text = "x".repeat(60);
      const error = { status: 400, code: "context_length_exceeded", message: /maximum context length is 64 tokens/ };
      const messages = [{ role: "user", content: text }];
      assertError(await http.send({ path: CHAT, body: chatBody({ model, messages }) }), {
        ...error,
        param: "messages",
      });
      const long = { model, prompt: text, max_tokens: 5 };
      assertError(await http.send({ path: COMPLETIONS, body: completionBody(long) }), { ...error, param: "prompt" });
      const input = ["short", "y".repeat(65)];
      assertError(await http.send({ path: EMBEDDINGS, body: embeddingBody({ model, input }) }), {
        ...error,
        param: "input",
      });
      const much = await http.send({ path: CHAT, body: chatBody({ model, max_completion_tokens: 17 }) });
      assertError(much, { status: 400, param: "max_completion_tokens", message: /at most 16 completion tokens/ });
      assert.equal(engines.calls.length, 0);
    },
  },
  {
    id: "models.delete",
    title:
      "A fine-tuned model is deleted for those who may; for others, and any other model, it is a 403, unknown ones are 404s.",
    reference: PAGES.modelDelete,
    operations: ["deleteModel"],
    async run({ http }) {
      const remove = (id: string, key: string) =>
        http.send({ method: "DELETE", path: `/models/${encodeURIComponent(id)}`, key });
      assertError(await remove(MODELS.tuned, KEYS.plain), { status: 403, param: "model" });
      assertError(await remove(MODELS.snapshot, KEYS.organization), { status: 403, param: "model" });
      assertError(await remove("ft:none:of::1", KEYS.organization), { status: 404, code: "model_not_found" });
      const deleted = await remove(MODELS.tuned, KEYS.organization);
      assert.deepEqual(deleted.json(), { id: MODELS.tuned, object: "model", deleted: true });
      assertError(await remove(MODELS.tuned, KEYS.organization), { status: 404, code: "model_not_found" });
    },
  },
];
