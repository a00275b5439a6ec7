import assert from "node:assert/strict";
import type OpenAI from "openai";
import { CHAT, COMPLETIONS, chatBody, completionBody, EMBEDDINGS, embeddingBody, SAY_HELLO } from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import { eventReader, readEvents } from "../kit/event-stream.ts";
import { MODELS } from "../kit/models.ts";
import {
  DONE,
  sentBody,
  sse,
  UPSTREAM_USAGE,
  USAGE_CHUNK,
  upstreamChunk,
  upstreamJson,
  upstreamStream,
} from "../kit/upstream.ts";
import { gate } from "../kit/within.ts";
import { PAGES, type Requirement } from "../requirement.ts";

const model = MODELS.upstream;
const inference = ["createChatCompletion", "createCompletion", "createEmbedding"];
const streamed = (more: Record<string, unknown> = {}) => ({
  path: CHAT,
  body: chatBody({ model, stream: true, ...more }),
});

/** Requirements on models whose far side speaks the protocol itself. */
export const forwardRequirements: readonly Requirement[] = [
  {
    id: "forward.bytes",
    title: "A whole reply reaches the client byte for byte, on every operation, and is metered from the side.",
    reference: PAGES.chatObject,
    operations: inference,
    async run({ http, engines, settled }) {
      const text = `{ "id": "up-1",\n  "x_vendor": 1.0, "e": "\\u00fc", "usage": ${JSON.stringify(UPSTREAM_USAGE)} }`;
      engines.play({ upstream: async () => upstreamJson(text) });
      const requests = [
        { path: CHAT, body: chatBody({ model }) },
        { path: COMPLETIONS, body: completionBody({ model }) },
        { path: EMBEDDINGS, body: embeddingBody({ model }) },
      ];
      for (const request of requests) {
        const reply = await http.send(request);
        assert.equal(reply.status, 200);
        assert.equal(reply.text, text);
        assert.match(reply.headers["content-type"] ?? "", /^application\/json/);
        const { usage } = await settled.of(reply.headers["x-request-id"]);
        assert.deepEqual([usage?.input_tokens, usage?.output_tokens, usage?.estimated], [21, 4, false]);
      }
    },
  },
  {
    id: "forward.request",
    title: "The upstream is sent what the client sent, parameters that this server does not know included.",
    reference: PAGES.chat,
    operations: ["createChatCompletion"],
    async run({ http, engines }) {
      engines.play({ upstream: async () => upstreamJson({ ok: true }) });
      const body = chatBody({ model, x_vendor: { deep: [1, "zwei"] }, temperature: 0.25 });
      assert.equal((await http.send({ path: CHAT, body })).status, 200);
      const request = engines.calls[0]?.request;
      assert.deepEqual([request?.method, request?.path, request?.stream], ["POST", "/chat/completions", false]);
      assert.deepEqual(sentBody(request), body);
      engines.play({ upstream: async () => upstreamStream([sse(upstreamChunk("a")), DONE]) });
      await http.send(streamed());
      assert.equal(engines.calls[1]?.request.stream, true);
      assert.deepEqual(sentBody(engines.calls[1]?.request).messages, SAY_HELLO);
    },
  },
  {
    id: "forward.stream.bytes",
    title: "A stream's events reach the client byte for byte, however the upstream's packets cut them.",
    reference: PAGES.chatStreaming,
    operations: ["createChatCompletion"],
    async run({ http, engines }) {
      const events = [upstreamChunk("Grü"), upstreamChunk("ße\n世界"), upstreamChunk("", { x: [1.0, null] })].map(sse);
      const wire = Buffer.from(events.join("") + DONE);
      for (const size of [1, 7, 64, wire.length]) {
        const packets = Array.from(
          { length: Math.ceil(wire.length / size) },
          (_, i) => new Uint8Array(wire.subarray(i * size, (i + 1) * size)),
        );
        engines.play({ upstream: async () => upstreamStream(packets) });
        const { text } = await readEvents(http, streamed());
        assert.equal(text, wire.toString(), `in packets of ${size} bytes`);
      }
    },
  },
  {
    id: "forward.stream.usage",
    title: "A stream is always metered; the usage that the client did not ask for is taken out, and nothing else.",
    reference: PAGES.chatStreaming,
    operations: ["createChatCompletion"],
    async run({ http, engines, settled }) {
      const chunks = [upstreamChunk("a"), upstreamChunk("b")];
      engines.play({
        upstream: async () =>
          upstreamStream([...chunks.map((one) => sse({ ...one, usage: null })), sse(USAGE_CHUNK), DONE]),
      });
      const silent = await readEvents(http, streamed());
      assert.equal(silent.text, chunks.map(sse).join("") + DONE);
      assert.deepEqual(sentBody(engines.calls[0]?.request).stream_options, { include_usage: true });
      const { usage, outcome } = await settled.of(silent.headers["x-request-id"]);
      assert.equal(outcome, "completed");
      assert.deepEqual([usage?.input_tokens, usage?.output_tokens, usage?.estimated], [21, 4, false]);

      const asked = await readEvents(http, streamed({ stream_options: { include_usage: true } }));
      const expected = [...chunks.map((one) => sse({ ...one, usage: null })), sse(USAGE_CHUNK), DONE].join("");
      assert.equal(asked.text, expected);
    },
  },
  {
    id: "forward.stream.as-produced",
    title: "An event is with the client before the upstream has sent the next one.",
    reference: PAGES.streaming,
    operations: ["createChatCompletion"],
    async run({ http, engines }) {
      const seen = gate();
      async function* pieces() {
        yield sse(upstreamChunk("one"));
        await seen.opened;
        yield sse(upstreamChunk("two")) + DONE;
      }
      engines.play({ upstream: async () => upstreamStream(pieces()) });
      const events = eventReader(await http.open(streamed()));
      assert.match((await events.next()) ?? "", /"one"/);
      seen.open();
      assert.match((await events.next()) ?? "", /"two"/);
      assert.equal(await events.next(), "[DONE]");
      assert.equal(await events.next(), null);
    },
  },
  {
    id: "forward.stream.sdk",
    title: "The SDK iterates a forwarded stream.",
    reference: PAGES.streaming,
    operations: ["createChatCompletion"],
    async run({ client, engines }) {
      engines.play({
        upstream: async () => upstreamStream([sse(upstreamChunk("Hel")), sse(upstreamChunk("lo")), DONE]),
      });
      const contents: unknown[] = [];
      const stream = await client.chat.completions.create({ model, messages: [...SAY_HELLO], stream: true });
      for await (const chunk of stream) contents.push((chunk as OpenAI.ChatCompletionChunk).choices[0]?.delta.content);
      assert.deepEqual(contents, ["Hel", "lo"]);
    },
  },
  {
    id: "forward.error",
    title: "An upstream's refusal keeps status, envelope and retry headers; look-alikes' errors get the envelope.",
    reference: PAGES.errors,
    operations: inference,
    async run({ http, engines }) {
      const error = {
        message: "Too long.",
        type: "invalid_request_error",
        param: "messages",
        code: "context_length_exceeded",
      };
      engines.play({ upstream: async () => upstreamJson({ error }, 400) });
      for (const request of [streamed(), { path: EMBEDDINGS, body: embeddingBody({ model }) }]) {
        const { param, code } = error;
        assertError(await http.send(request), { status: 400, param, code, message: /^Too long\.$/ });
      }
      engines.play({
        upstream: async () =>
          upstreamJson({ error: { message: "Slow down", type: "requests" } }, 429, { "retry-after": "2" }),
      });
      const limited = await http.send(streamed());
      assertError(limited, { status: 429, type: "requests", param: null, code: null });
      assert.equal(limited.headers["retry-after"], "2");
      engines.play({ upstream: async () => upstreamJson("<html>Bad gateway</html>", 502) });
      assertError(await http.send(streamed()), { status: 502, type: "server_error" });
      engines.play({ upstream: async () => upstreamJson({ detail: "No such thing" }, 404) });
      assertError(await http.send(streamed()), { status: 404, message: /No such thing/ });
    },
  },
  {
    id: "forward.error.credentials",
    title: "An upstream that refuses the server's own key is a 502 that says nothing of the key.",
    reference: PAGES.errors,
    operations: inference,
    async run({ http, engines }) {
      for (const status of [401, 403]) {
        const error = { message: "Incorrect API key provided: sk-secret-upstream", type: "invalid_request_error" };
        engines.play({ upstream: async () => upstreamJson({ error }, status) });
        const reply = await http.send({ path: CHAT, body: chatBody({ model }) });
        assertError(reply, { status: 502, type: "server_error" });
        assert.ok(!reply.text.includes("sk-secret"), reply.text);
      }
    },
  },
  {
    id: "forward.error.garbage",
    title: "An upstream that throws, or whose 200 is not JSON, is a 5xx in the envelope that shows none of it.",
    reference: PAGES.errors,
    operations: inference,
    async run({ http, engines }) {
      engines.play({ upstream: async () => upstreamJson("<html>kit-secret</html>") });
      const garbage = await http.send({ path: CHAT, body: chatBody({ model }) });
      assertError(garbage, { status: 502, type: "server_error" });
      engines.play({ upstream: () => Promise.reject(new Error("connect ECONNREFUSED kit-secret:443")) });
      const broken = await http.send(streamed());
      assertError(broken, { status: broken.status === 502 ? 502 : 500, type: "server_error" });
      for (const { text } of [garbage, broken]) assert.ok(!text.includes("secret"), text);
    },
  },
];
