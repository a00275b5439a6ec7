import assert from "node:assert/strict";
import OpenAI from "openai";
import {
  CHAT,
  COMPLETIONS,
  chatBody,
  completionBody,
  EMBEDDINGS,
  embeddingBody,
  MODERATIONS,
  moderationBody,
  refused,
} from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import type { Received } from "../kit/http-client.ts";
import { CALLER_HEADER, KEYS, ORGANIZATION, PROJECT } from "../kit/models.ts";
import { PAGES, type Requirement } from "../requirement.ts";

const reference = PAGES.authentication;
const operations = [
  "listModels",
  "retrieveModel",
  "createChatCompletion",
  "createCompletion",
  "createEmbedding",
  "createModeration",
];

export const accessRequirements: readonly Requirement[] = [
  {
    id: "access.missing-key",
    title: "No key is a 401 on every operation, before the body is looked at.",
    reference,
    operations,
    async run(context) {
      const requests = [
        { path: "/models" },
        { path: "/models/nothing" },
        { path: CHAT, body: chatBody() },
        { path: COMPLETIONS, body: completionBody() },
        { path: EMBEDDINGS, body: embeddingBody() },
        { path: MODERATIONS, body: moderationBody() },
        { path: CHAT, body: {} },
      ];
      for (const request of requests) await refused(context, { ...request, key: null }, { status: 401, param: null });
    },
  },
  {
    id: "access.wrong-key",
    title: "A wrong key is a 401 `invalid_api_key`, and the reply does not repeat it.",
    reference,
    operations,
    async run({ http, engines }) {
      const wrong = [
        "sk-wrong-0123456789abcdefghij",
        KEYS.plain.slice(0, -1),
        `${KEYS.plain}x`,
        "x",
        "sk-\u00fc\u00fc\u00fc",
      ];
      for (const key of wrong) {
        const reply = await http.send({ path: CHAT, body: chatBody(), key });
        assertError(reply, { status: 401, code: "invalid_api_key" });
        // A one-character key is part of any text.
        if (key.length > 1) assert.ok(!reply.text.includes(key), "the reply repeats the key");
        assert.ok(!reply.text.includes(key.slice(0, Math.max(8, key.length / 2))), "the reply repeats half of the key");
      }
      assert.equal(engines.calls.length, 0);
    },
  },
  {
    id: "access.garbled-key",
    title: "An authorization header that is no bearer or basic credential is a 401.",
    reference,
    operations,
    async run(context) {
      const values = [
        "Bearer",
        "Bearer ",
        KEYS.plain,
        `Token ${KEYS.plain}`,
        "Basic !!!",
        "Basic",
        `bearer${KEYS.plain}`,
      ];
      for (const authorization of values) {
        const request = { path: CHAT, body: chatBody(), key: null, headers: { authorization } };
        await refused(context, request, { status: 401 });
      }
    },
  },
  {
    id: "access.bearer",
    title: "A key opens the door whatever the case of `bearer`.",
    reference,
    operations,
    async run({ http }) {
      for (const scheme of ["Bearer", "bearer", "BEARER"]) {
        const headers = { authorization: `${scheme} ${KEYS.plain}` };
        assertLetIn(await http.send({ path: "/models", headers }), scheme);
      }
    },
  },
  {
    id: "access.basic",
    title: "A key opens the door as the user or the password of basic authentication.",
    reference,
    operations,
    async run({ http }) {
      for (const pair of [`${KEYS.plain}:`, `:${KEYS.plain}`, `anyone:${KEYS.plain}`]) {
        const authorization = `Basic ${Buffer.from(pair).toString("base64")}`;
        assertLetIn(await http.send({ path: "/models", headers: { authorization } }), pair);
      }
    },
  },
  {
    id: "access.sdk",
    title: "The SDK throws AuthenticationError for a wrong key.",
    reference,
    operations,
    async run({ client }) {
      const stranger = client.withOptions({ apiKey: "sk-stranger-0123456789" });
      const thrown = await stranger.models.list().then(
        () => null,
        (error: unknown) => error,
      );
      assert.ok(thrown instanceof OpenAI.AuthenticationError, `threw ${thrown}`);
      assert.equal(thrown.code, "invalid_api_key");
    },
  },
  {
    id: "access.principal",
    title: "A key stands for its principal: in the settled record and in the headers.",
    reference,
    operations,
    async run({ http, settled }) {
      const reply = await http.send({ path: CHAT, body: chatBody() });
      const call = await settled.of(reply.headers["x-request-id"]);
      assert.deepEqual(call.principal, { id: "holder", organization: ORGANIZATION, project: PROJECT });
      const refusal = await http.send({ path: CHAT, body: chatBody(), key: "sk-nobody-0123456789" });
      assert.equal((await settled.of(refusal.headers["x-request-id"])).principal, null);
    },
  },
  {
    id: "access.host",
    title: "The host's own `authenticate` names the caller, without any key.",
    reference,
    operations,
    async run({ http, settled }) {
      const reply = await http.send({ path: CHAT, body: chatBody(), key: null, headers: { [CALLER_HEADER]: "ana" } });
      assert.equal(reply.status, 200, reply.text);
      assert.equal(reply.headers["openai-organization"], "org-ana");
      const call = await settled.of(reply.headers["x-request-id"]);
      assert.deepEqual(call.principal, { id: "ana", organization: "org-ana" });
    },
  },
  {
    id: "access.host.refusal",
    title: "An ApiError from the host's `authenticate` reaches the client as it is.",
    reference,
    operations,
    async run({ http, engines }) {
      const reply = await http.send({ path: CHAT, body: chatBody(), headers: { [CALLER_HEADER]: "refuse" } });
      const expected = { status: 403, type: "kit_refusal", code: "not_today", param: "caller" };
      assertError(reply, { ...expected, message: /^The kit refuses this caller\.$/ });
      assert.equal(reply.headers["retry-after"], "7");
      assert.equal(engines.calls.length, 0);
    },
  },
  {
    id: "access.host.failure",
    title: "Anything else that `authenticate` throws is an opaque 500, and nobody gets in.",
    reference,
    operations,
    async run({ http, engines }) {
      const reply = await http.send({ path: CHAT, body: chatBody(), headers: { [CALLER_HEADER]: "crash" } });
      assertError(reply, { status: 500, type: "server_error" });
      assert.ok(!reply.text.includes("secret"), reply.text);
      assert.equal(engines.calls.length, 0);
    },
  },
];

function assertLetIn(reply: Received, how: string): void {
  assert.equal(reply.status, 200, `${how}: ${reply.text}`);
  assert.equal((reply.json() as { object?: string }).object, "list", how);
}
