import assert from "node:assert/strict";
import {
  CHAT,
  COMPLETIONS,
  chatBody,
  completionBody,
  EMBEDDINGS,
  embeddingBody,
  MODERATIONS,
  moderationBody,
  SAY_HELLO,
} from "../kit/ask.ts";
import type { RawRequest } from "../kit/http-client.ts";
import { KEYS, MODELS, ORGANIZATION, PROJECT } from "../kit/models.ts";
import { PAGES, type Requirement } from "../requirement.ts";

const reference = PAGES.headers;
const operations = [
  "listModels",
  "retrieveModel",
  "createChatCompletion",
  "createCompletion",
  "createEmbedding",
  "createModeration",
];

/** A request to every operation, whole and streamed, and one that fails. */
const REQUESTS: readonly RawRequest[] = [
  { path: "/models" },
  { path: `/models/${MODELS.chat}` },
  { path: CHAT, body: chatBody() },
  { path: CHAT, body: chatBody({ stream: true }) },
  { path: COMPLETIONS, body: completionBody() },
  { path: COMPLETIONS, body: completionBody({ stream: true }) },
  { path: EMBEDDINGS, body: embeddingBody() },
  { path: MODERATIONS, body: moderationBody() },
  { path: CHAT, body: {} },
  { path: "/nowhere" },
];

export const headersRequirements: readonly Requirement[] = [
  {
    id: "headers.request-id",
    title: "Every reply has an `x-request-id` of its own: `req_` and 32 hex digits.",
    reference,
    operations,
    async run({ http }) {
      const replies = await Promise.all([...REQUESTS, ...REQUESTS].map((request) => http.send(request)));
      const ids = replies.map(({ headers }) => headers["x-request-id"]);
      for (const id of ids) assert.match(id ?? "", /^req_[0-9a-f]{32}$/);
      assert.equal(new Set(ids).size, ids.length, "an id was used twice");
    },
  },
  {
    id: "headers.request-id.sdk",
    title: "The SDK shows the request id as `_request_id` and `request_id`; the engine and the ledger have the same.",
    reference,
    operations,
    async run({ client, engines, settled }) {
      const params = { model: MODELS.chat, messages: [...SAY_HELLO] };
      const whole = await client.chat.completions.create(params);
      assert.match(whole._request_id ?? "", /^req_/);
      assert.equal(engines.calls[0]?.requestId, whole._request_id);
      assert.equal((await settled.of(whole._request_id)).operationId, "createChatCompletion");
      const { data, request_id } = await client.chat.completions.create({ ...params, stream: true }).withResponse();
      for await (const _ of data);
      assert.equal(engines.calls[1]?.requestId, request_id);
    },
  },
  {
    id: "headers.processing",
    title: "Every reply has `openai-processing-ms`, whole milliseconds, and `openai-version`.",
    reference,
    operations,
    async run({ http }) {
      for (const request of REQUESTS) {
        const { headers } = await http.send(request);
        assert.match(headers["openai-processing-ms"] ?? "", /^\d+$/, request.path);
        assert.equal(headers["openai-version"], "2020-10-01", request.path);
      }
    },
  },
  {
    id: "headers.organization",
    title: "`openai-organization` and `openai-project` are the caller's, and absent when the caller has none.",
    reference,
    operations,
    async run({ http }) {
      for (const request of REQUESTS.slice(0, -1)) {
        const { headers } = await http.send(request);
        assert.equal(headers["openai-organization"], ORGANIZATION, request.path);
        assert.equal(headers["openai-project"], PROJECT, request.path);
      }
      const { headers } = await http.send({ path: "/models", key: KEYS.plain });
      assert.ok(!("openai-organization" in headers) && !("openai-project" in headers));
    },
  },
  {
    id: "headers.stream",
    title: "A stream has them before its first token, and forbids proxies to cache, transform or buffer it.",
    reference: PAGES.streaming,
    operations: ["createChatCompletion", "createCompletion"],
    async run({ http }) {
      const streams = [
        { path: CHAT, body: chatBody({ stream: true }) },
        { path: COMPLETIONS, body: completionBody({ stream: true }) },
      ];
      for (const request of streams) {
        const { headers } = await http.send(request);
        assert.match(headers["cache-control"] ?? "", /no-cache/);
        assert.match(headers["cache-control"] ?? "", /no-transform/);
        assert.equal(headers["x-accel-buffering"], "no");
        assert.ok(!("content-encoding" in headers), "the stream is compressed");
        assert.ok(!("content-length" in headers), "the stream's length was known beforehand");
      }
    },
  },
  {
    id: "headers.accept",
    title: "`accept` is never a reason to refuse: SDKs send `application/json` for streams, too.",
    reference: PAGES.streaming,
    operations: ["createChatCompletion"],
    async run({ http }) {
      for (const accept of ["application/json", "text/event-stream", "*/*", "image/png"]) {
        const reply = await http.send({ path: CHAT, body: chatBody({ stream: true }), headers: { accept } });
        assert.equal(reply.status, 200, `${accept}: ${reply.text}`);
        assert.match(reply.headers["content-type"] ?? "", /^text\/event-stream/);
        assert.match(reply.text, /^data: \{.*"chat\.completion\.chunk"/, accept);
      }
    },
  },
  {
    id: "headers.query",
    title: "A query string that an operation does not know changes nothing.",
    reference,
    operations,
    async run({ http }) {
      for (const request of REQUESTS.slice(0, 7)) {
        const reply = await http.send({ ...request, path: `${request.path}?api-version=1&x[]=%00&y` });
        assert.equal(reply.status, 200, `${request.path}: ${reply.text}`);
        assert.match(reply.text, /"object": ?"(list|model|(chat|text)[._]completion(\.chunk)?)"/, request.path);
      }
    },
  },
];
