import assert from "node:assert/strict";
import { CHAT, COMPLETIONS, chatBody, completionBody, EMBEDDINGS, embeddingBody } from "../kit/ask.ts";
import type { RawRequest } from "../kit/http-client.ts";
import { MODELS } from "../kit/models.ts";
import { PAGES, type Requirement } from "../requirement.ts";

const everything = ["listModels", "retrieveModel", "createChatCompletion", "createCompletion", "createEmbedding"];

interface Expected {
  status: number;
  outcome: "completed" | "failed";
  operationId: string | null;
  model: string | null;
}

const REQUESTS: readonly (readonly [RawRequest, Expected])[] = [
  [{ path: "/models" }, { status: 200, outcome: "completed", operationId: "listModels", model: null }],
  [
    { path: `/models/${MODELS.chat}` },
    { status: 200, outcome: "completed", operationId: "retrieveModel", model: null },
  ],
  [
    { path: CHAT, body: chatBody() },
    { status: 200, outcome: "completed", operationId: "createChatCompletion", model: MODELS.chat },
  ],
  [
    { path: CHAT, body: chatBody({ stream: true }) },
    { status: 200, outcome: "completed", operationId: "createChatCompletion", model: MODELS.chat },
  ],
  [
    { path: COMPLETIONS, body: completionBody({ stream: true }) },
    { status: 200, outcome: "completed", operationId: "createCompletion", model: MODELS.text },
  ],
  [
    { path: EMBEDDINGS, body: embeddingBody() },
    { status: 200, outcome: "completed", operationId: "createEmbedding", model: MODELS.vectors },
  ],
  [
    { path: CHAT, body: chatBody({ model: "none" }) },
    { status: 404, outcome: "failed", operationId: "createChatCompletion", model: "none" },
  ],
  [
    { path: CHAT, body: { messages: 5 } },
    { status: 400, outcome: "failed", operationId: "createChatCompletion", model: null },
  ],
  [
    { path: EMBEDDINGS, body: embeddingBody(), key: null },
    { status: 401, outcome: "failed", operationId: "createEmbedding", model: null },
  ],
];

/** Requirements on the ledger: what a host is told of each call. */
export const settleRequirements: readonly Requirement[] = [
  {
    id: "settle.once",
    title: "Every call is settled exactly once, answered, streamed or refused, under the reply's request id.",
    reference: PAGES.headers,
    operations: everything,
    async run({ http, settled }) {
      const ids: string[] = [];
      for (const [request, expected] of REQUESTS) {
        const reply = await http.send(request);
        assert.equal(reply.status, expected.status, reply.text);
        const id = reply.headers["x-request-id"] ?? "";
        const { status, outcome, operationId, model, durationMs } = await settled.of(id);
        assert.deepEqual({ status, outcome, operationId, model }, expected, request.path);
        assert.ok(durationMs >= 0);
        ids.push(id);
      }
      // A second record of the first would have come by now.
      for (const id of ids) assert.equal(settled.count(id), 1);
    },
  },
  {
    id: "settle.usage",
    title: "Usage is metered for every inference call, also for streams that do not ask for it.",
    reference: PAGES.chatStreaming,
    operations: ["createChatCompletion", "createCompletion", "createEmbedding"],
    async run({ http, engines, settled }) {
      engines.play({ chat: () => ["hi", { usage: { prompt_tokens: 41, completion_tokens: 3 } }] });
      for (const stream of [false, true]) {
        const reply = await http.send({ path: CHAT, body: chatBody({ stream }) });
        const { usage } = await settled.of(reply.headers["x-request-id"]);
        assert.deepEqual(usage, {
          input_tokens: 41,
          cached_tokens: 0,
          output_tokens: 3,
          reasoning_tokens: 0,
          estimated: false,
        });
      }
      const requests = [
        { path: COMPLETIONS, body: completionBody({ stream: true }) },
        { path: COMPLETIONS, body: completionBody() },
        { path: EMBEDDINGS, body: embeddingBody() },
      ];
      for (const request of requests) {
        const reply = await http.send(request);
        const { usage } = await settled.of(reply.headers["x-request-id"]);
        assert.ok(usage && usage.input_tokens > 0 && usage.estimated, request.path);
      }
    },
  },
  {
    id: "settle.usage.details",
    title: "Cached and reasoning tokens that an engine reports are metered and reach the client.",
    reference: PAGES.chatObject,
    operations: ["createChatCompletion"],
    async run({ http, engines, settled }) {
      engines.play({
        engineChat: ({ model }) => ({
          id: "chatcmpl-details",
          object: "chat.completion",
          created: 1,
          model,
          choices: [
            {
              index: 0,
              message: { role: "assistant", content: "Hi", refusal: null },
              logprobs: null,
              finish_reason: "stop",
            },
          ],
          usage: {
            prompt_tokens: 50,
            completion_tokens: 9,
            total_tokens: 59,
            prompt_tokens_details: { cached_tokens: 32 },
            completion_tokens_details: { reasoning_tokens: 6 },
          },
        }),
      });
      const reply = await http.send({ path: CHAT, body: chatBody({ model: MODELS.engine }) });
      const { usage: shown } = reply.json() as { usage: Record<string, Record<string, number>> };
      assert.equal(shown.prompt_tokens_details?.cached_tokens, 32);
      assert.equal(shown.completion_tokens_details?.reasoning_tokens, 6);
      const { usage } = await settled.of(reply.headers["x-request-id"]);
      assert.deepEqual([usage?.cached_tokens, usage?.reasoning_tokens], [32, 6]);
    },
  },
  {
    id: "settle.refused",
    title: "A call that was refused before an engine was reached consumed nothing.",
    reference: PAGES.errors,
    operations: ["createChatCompletion"],
    async run({ http, settled }) {
      const reply = await http.send({ path: CHAT, body: chatBody({ temperature: 5 }) });
      const { usage, outcome } = await settled.of(reply.headers["x-request-id"]);
      assert.deepEqual([usage, outcome], [null, "failed"]);
    },
  },
];
