import assert from "node:assert/strict";
import type { ChatCompletion, ChatLogprobs } from "@outlet/core";
import { CHAT, chatBody, refused, SAY_HELLO, streamedChat } from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import { MODELS } from "../kit/models.ts";
import { PAGES, type Requirement } from "../requirement.ts";
import { chat } from "./chat.ts";

const operations = ["createChatCompletion"];

const LOGPROBS: ChatLogprobs = {
  content: [
    {
      token: "Hi",
      bytes: [72, 105],
      logprob: -0.25,
      top_logprobs: [
        { token: "Hi", bytes: [72, 105], logprob: -0.25 },
        { token: "Yo", bytes: [89, 111], logprob: -1.5 },
      ],
    },
  ],
  refusal: null,
};

const ASK_JSON = [{ role: "user", content: "Where is it raining? Answer in JSON." }];

/** Requirements on what an answer is asked to be: JSON, with log probabilities, at a tier. */
export const chatOutputRequirements: readonly Requirement[] = [
  {
    id: "chat.response-format.json-object",
    title: "`json_object` gives content that parses, and the format reaches the engine.",
    reference: PAGES.structuredOutputs,
    operations,
    async run(context) {
      context.engines.play({ chat: () => ({ json: { city: "Oslo", rain: true } }) });
      const { choices } = await chat(context, { messages: ASK_JSON, response_format: { type: "json_object" } });
      assert.deepEqual(JSON.parse(choices[0]?.message.content ?? ""), { city: "Oslo", rain: true });
      assert.deepEqual(context.engines.calls[0]?.request.response_format, { type: "json_object" });
    },
  },
  {
    id: "chat.response-format.json-schema",
    title: "The SDK's `parse` sends a JSON schema and gets the parsed object.",
    reference: PAGES.structuredOutputs,
    operations,
    async run({ client, engines }) {
      engines.play({ chat: () => ({ json: { city: "Oslo" } }) });
      const schema = {
        type: "object",
        properties: { city: { type: "string" } },
        required: ["city"],
        additionalProperties: false,
      };
      const json_schema = { name: "place", strict: true, schema };
      const completion = await client.chat.completions.parse({
        model: MODELS.chat,
        messages: [...SAY_HELLO],
        response_format: { type: "json_schema", json_schema },
      });
      assert.deepEqual(JSON.parse(completion.choices[0]?.message.content ?? ""), { city: "Oslo" });
      assert.deepEqual(engines.calls[0]?.request.response_format, { type: "json_schema", json_schema });
    },
  },
  {
    id: "chat.response-format.not-json",
    title: "An answer that is not the JSON asked for is an error, never a 200 that does not parse.",
    reference: PAGES.structuredOutputs,
    operations,
    async run({ http, engines }) {
      engines.play({ chat: () => "Sure! Here is your JSON: {" });
      const body = chatBody({ messages: ASK_JSON, response_format: { type: "json_object" } });
      assertError(await http.send({ path: CHAT, body }), { status: 502, type: "server_error" });
    },
  },
  {
    id: "chat.logprobs",
    title: "Log probabilities of an engine that has them reach the client, whole and streamed.",
    reference: PAGES.chatObject,
    operations,
    async run(context) {
      context.engines.play({ engineChat: ({ model }) => completionWithLogprobs(model) });
      const asked = { model: MODELS.engine, logprobs: true, top_logprobs: 2 };
      const { choices } = await chat(context, asked);
      assert.deepEqual(choices[0]?.logprobs, LOGPROBS);
      const { chunks } = await streamedChat(context, asked);
      const content = chunks.flatMap((chunk) => chunk.choices[0]?.logprobs?.content ?? []);
      assert.deepEqual(content, LOGPROBS.content);
    },
  },
  {
    id: "chat.logprobs.refused",
    title: "`logprobs` is refused by name where the model has none, and `top_logprobs` without `logprobs` always.",
    reference: PAGES.chat,
    operations,
    async run(context) {
      const unsupported = { status: 400, code: "unsupported_parameter", param: "logprobs" };
      await refused(context, { path: CHAT, body: chatBody({ logprobs: true }) }, unsupported);
      const alone = chatBody({ model: MODELS.engine, top_logprobs: 2 });
      await refused(context, { path: CHAT, body: alone }, { status: 400, param: "top_logprobs" });
    },
  },
  {
    id: "chat.service-tier",
    title: "`service_tier` in the request is answered with the tier that was used; else there is none.",
    reference: PAGES.chatObject,
    operations,
    async run(context) {
      const used = (await chat(context, { service_tier: "auto" })).service_tier;
      assert.ok(["default", "flex", "scale", "priority"].includes(String(used)), `the tier used: ${used}`);
      assert.ok(!("service_tier" in (await chat(context))));
      const { chunks } = await streamedChat(context, { service_tier: "auto" });
      for (const chunk of chunks) assert.equal(chunk.service_tier, used);
    },
  },
  {
    id: "chat.metadata",
    title: "`metadata` takes 16 pairs of keys up to 64 and values up to 512 characters, and refuses more.",
    reference: PAGES.chat,
    operations,
    async run(context) {
      const pairs = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`key${i}`, "v"]));
      await chat(context, { metadata: { ...pairs(15), ["k".repeat(64)]: "v".repeat(512) } });
      context.engines.reset();
      const wrong = [pairs(17), { ["k".repeat(65)]: "v" }, { key: "v".repeat(513) }, { key: 1 }, ["v"], "v"];
      for (const metadata of wrong) {
        const reply = await context.http.send({ path: CHAT, body: chatBody({ metadata }) });
        assertError(reply, { status: 400 });
        const { param } = (reply.json() as { error: { param: string } }).error;
        assert.match(param, /^metadata\b/);
      }
      assert.equal(context.engines.calls.length, 0);
    },
  },
  {
    id: "chat.system-fingerprint",
    title: "An engine's `system_fingerprint` reaches the client, whole and in every chunk.",
    reference: PAGES.chatObject,
    operations,
    async run(context) {
      context.engines.play({
        engineChat: ({ model }) => ({ ...completionWithLogprobs(model), system_fingerprint: "fp_44709d6fcb" }),
      });
      assert.equal((await chat(context, { model: MODELS.engine })).system_fingerprint, "fp_44709d6fcb");
      const { chunks } = await streamedChat(context, { model: MODELS.engine });
      for (const chunk of chunks) assert.equal(chunk.system_fingerprint, "fp_44709d6fcb");
    },
  },
  {
    id: "chat.emulated",
    title: "Nothing is silent: parameters honoured in the engine's stead are named in `outlet-emulated`.",
    reference: PAGES.chat,
    operations,
    async run({ http }) {
      const reply = await http.send({ path: CHAT, body: chatBody({ stop: "x", max_tokens: 9 }) });
      assert.equal(reply.status, 200, reply.text);
      const named = (reply.headers["outlet-emulated"] ?? "").split(", ");
      for (const name of ["stop", "max_tokens"]) assert.ok(named.includes(name), `${name} is not in ${named}`);
    },
  },
];

function completionWithLogprobs(model: string): ChatCompletion {
  return {
    id: "chatcmpl-logprobs",
    object: "chat.completion",
    created: 1,
    model,
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: "Hi", refusal: null },
        logprobs: LOGPROBS,
        finish_reason: "stop",
      },
    ],
  };
}
