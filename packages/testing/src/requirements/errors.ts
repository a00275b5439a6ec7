import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { ApiError } from "@outlet/core";
import OpenAI from "openai";
import {
  CHAT,
  COMPLETIONS,
  chatBody,
  completionBody,
  EMBEDDINGS,
  embeddingBody,
  refused,
  SAY_HELLO,
} from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import { MODELS } from "../kit/models.ts";
import { PAGES, type Requirement } from "../requirement.ts";

const reference = PAGES.errors;
const inference = ["createChatCompletion", "createCompletion", "createEmbedding"];
const SECRET = "kit-secret: postgres://admin:hunter2@db";

export const errorsRequirements: readonly Requirement[] = [
  {
    id: "errors.model.unknown",
    title: "An unknown model is a 404 `model_not_found` on every operation that names one, also when streaming.",
    reference,
    operations: inference,
    async run(context) {
      const model = "no-such-model";
      const expected = { status: 404, code: "model_not_found", message: /`no-such-model` does not exist/ };
      await refused(context, { path: CHAT, body: chatBody({ model }) }, expected);
      await refused(context, { path: CHAT, body: chatBody({ model, stream: true }) }, expected);
      await refused(context, { path: COMPLETIONS, body: completionBody({ model }) }, expected);
      await refused(context, { path: EMBEDDINGS, body: embeddingBody({ model }) }, expected);
      for (const odd of ["__proto__", "constructor", "toString", "*", "../kit-chat"]) {
        await refused(
          context,
          { path: CHAT, body: chatBody({ model: odd }) },
          { status: 404, code: "model_not_found" },
        );
      }
    },
  },
  {
    id: "errors.model.wrong-ability",
    title: "A model that does not chat is refused, naming `model`.",
    reference,
    operations: ["createChatCompletion"],
    async run(context) {
      for (const stream of [false, true]) {
        const body = chatBody({ model: MODELS.vectors, stream });
        await refused(context, { path: CHAT, body }, { status: 404, param: "model" });
      }
    },
  },
  {
    id: "errors.url.unknown",
    title: "An unknown URL under the mount is a 404 `unknown_url` that names method and path.",
    reference,
    operations: ["listModels", ...inference],
    async run(context) {
      const expected = { status: 404, code: "unknown_url" };
      const mount = context.http.baseURL.pathname.replace(/\/$/, "");
      const naming = (what: string) => ({
        ...expected,
        message: new RegExp(`\\(${what.replaceAll(/\W/g, "\\$&")}\\)`),
      });
      await refused(context, { path: "/chat/nonsense", body: {} }, naming(`POST ${mount}/chat/nonsense`));
      await refused(context, { path: "/nonsense?key=value" }, naming(`GET ${mount}/nonsense`));
      await refused(context, { path: "/chat" }, expected);
    },
  },
  {
    id: "errors.url.undecodable",
    title: "A path that cannot be decoded is a 400 or a 404 in the envelope.",
    reference,
    operations: ["retrieveModel"],
    async run({ http }) {
      const reply = await http.send({ path: "/models/%E0%A4%A" });
      assertError(reply, { status: reply.status === 400 ? 400 : 404 });
    },
  },
  {
    id: "errors.method",
    title: "A wrong method is a 405 `method_not_supported` whose `allow` header has the right ones.",
    reference,
    operations: ["listModels", "retrieveModel", ...inference],
    async run({ http, engines }) {
      const wrong = [
        ["GET", COMPLETIONS, "POST"],
        ["DELETE", CHAT, "POST"],
        ["PUT", COMPLETIONS, "POST"],
        ["PATCH", EMBEDDINGS, "POST"],
        ["POST", "/models", "GET"],
        ["PUT", `/models/${MODELS.chat}`, "GET"],
      ] as const;
      for (const [method, path, allow] of wrong) {
        const reply = await http.send({ method, path, ...(method !== "GET" && { body: {} }) });
        assertError(reply, { status: 405, code: "method_not_supported" });
        assert.ok((reply.headers.allow ?? "").split(/, ?/).includes(allow), `allow: ${reply.headers.allow}`);
      }
      assert.equal(engines.calls.length, 0);
    },
  },
  {
    id: "errors.content-type",
    title: "A body of another type is a 415 in the envelope: text, forms, multipart.",
    reference,
    operations: inference,
    async run(context) {
      const types = [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/xml",
        "application/jsonp",
        "image/png",
      ];
      for (const type of types) {
        const request = { path: CHAT, body: JSON.stringify(chatBody()), headers: { "content-type": type } };
        await refused(context, request, { status: 415 });
      }
    },
  },
  {
    id: "errors.multipart.truncated",
    title: "A multipart body that was cut off, sent to a JSON operation, is a 415 in the envelope and no hang.",
    reference,
    operations: inference,
    async run(context) {
      const body = '--kit\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'.padEnd(40_000, "x");
      const headers = { "content-type": "multipart/form-data; boundary=kit" };
      await refused(context, { path: CHAT, body, headers }, { status: 415 });
      await refused(context, { path: EMBEDDINGS, body, headers, chunked: true }, { status: 415 });
    },
  },
  {
    id: "errors.content-encoding",
    title:
      "A compressed body is read as what it says, or refused with a 415 in the envelope; an unknown encoding always is.",
    reference,
    operations: inference,
    async run(context) {
      const { http, engines } = context;
      const gzip = { path: CHAT, body: gzipSync(JSON.stringify(chatBody())), headers: { "content-encoding": "gzip" } };
      const compressed = await http.send(gzip);
      if (compressed.status === 200) assert.deepEqual(engines.calls[0]?.request.messages, SAY_HELLO);
      else assertError(compressed, { status: 415 });
      engines.reset();
      for (const encoding of ["compress", "x-kit", "gzip, x-kit"]) {
        const request = { path: CHAT, body: chatBody(), headers: { "content-encoding": encoding } };
        await refused(context, request, { status: 415 });
      }
      const plain = await http.send({ path: CHAT, body: chatBody(), headers: { "content-encoding": "identity" } });
      assert.equal(plain.status, 200, plain.text);
    },
  },
  {
    id: "errors.engine.opaque",
    title: "What an engine throws is an opaque 500, whole or before a stream's first token; nothing of it is shown.",
    reference,
    operations: inference,
    async run({ http, engines }) {
      const fail = () => {
        throw new Error(SECRET);
      };
      engines.play({
        chat: fail,
        text: fail,
        vectors: fail,
        engineChat: fail,
        engineComplete: () => Promise.reject(SECRET),
      });
      const requests = [
        { path: CHAT, body: chatBody() },
        { path: CHAT, body: chatBody({ stream: true }) },
        { path: CHAT, body: chatBody({ model: MODELS.engine, n: 2 }) },
        { path: COMPLETIONS, body: completionBody() },
        { path: COMPLETIONS, body: completionBody({ model: MODELS.engine, stream: true }) },
        { path: EMBEDDINGS, body: embeddingBody() },
      ];
      for (const request of requests) {
        const reply = await http.send(request);
        assertError(reply, { status: 500, type: "server_error" });
        assert.ok(!reply.text.includes("secret") && !reply.text.includes("hunter2"), reply.text);
      }
    },
  },
  {
    id: "errors.engine.own",
    title: "An engine's own refusal keeps its status, type, code, param, message and headers.",
    reference,
    operations: inference,
    async run({ http, engines }) {
      const fail = () => {
        throw rateLimited();
      };
      engines.play({ chat: fail, text: fail, vectors: fail });
      const requests = [
        { path: CHAT, body: chatBody() },
        { path: CHAT, body: chatBody({ stream: true }) },
        { path: COMPLETIONS, body: completionBody({ stream: true }) },
        { path: EMBEDDINGS, body: embeddingBody() },
      ];
      for (const request of requests) {
        const reply = await http.send(request);
        assertError(reply, {
          status: 429,
          type: "tokens",
          code: "rate_limit_exceeded",
          param: "messages",
          message: /^Slow down, please\.$/,
        });
        assert.equal(reply.headers["retry-after"], "3");
      }
    },
  },
  {
    id: "errors.sdk",
    title: "The SDK throws the class that belongs to each status, with code, param, type and request id.",
    reference,
    operations: inference,
    async run({ client, engines }) {
      const create = (more: object) =>
        client.chat.completions.create({ model: MODELS.chat, messages: [...SAY_HELLO], ...more });
      const bad = { param: "temperature", type: "invalid_request_error" };
      await assertThrown(create({ temperature: 5 }), OpenAI.BadRequestError, bad);
      await assertThrown(create({ model: "none" }), OpenAI.NotFoundError, { code: "model_not_found" });
      await assertThrown(create({ stream: true, n: 0 }), OpenAI.BadRequestError, { param: "n" });
      engines.play({ chat: () => Promise.reject(rateLimited()) });
      await assertThrown(create({}), OpenAI.RateLimitError, { code: "rate_limit_exceeded", param: "messages" });
      engines.play({ chat: () => Promise.reject(new Error(SECRET)) });
      await assertThrown(create({}), OpenAI.InternalServerError, { type: "server_error" });
    },
  },
];

function rateLimited(): ApiError {
  return new ApiError({
    status: 429,
    type: "tokens",
    code: "rate_limit_exceeded",
    param: "messages",
    message: "Slow down, please.",
    headers: { "retry-after": "3" },
  });
}

async function assertThrown(promise: Promise<unknown>, type: new (...args: never[]) => Error, expected: object) {
  const thrown = await promise.then(
    () => assert.fail("nothing was thrown"),
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof type, `threw ${thrown}`);
  const error = thrown as InstanceType<typeof OpenAI.APIError>;
  for (const [name, value] of Object.entries(expected)) assert.equal(error[name as "code"], value, name);
  assert.match(error.requestID ?? "", /^req_[0-9a-f]{32}$/);
}
