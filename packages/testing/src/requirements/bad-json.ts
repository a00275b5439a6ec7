import assert from "node:assert/strict";
import { CHAT, COMPLETIONS, chatBody, EMBEDDINGS, MODERATIONS, refused, SAY_HELLO } from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import { MODELS } from "../kit/models.ts";
import { ANSWER } from "../kit/script.ts";
import { PAGES, type Requirement } from "../requirement.ts";

const reference = PAGES.errors;
const operations = ["createChatCompletion", "createCompletion", "createEmbedding", "createModeration"];
const PATHS = [CHAT, COMPLETIONS, EMBEDDINGS, MODERATIONS];

/** Requirements on bodies that are not the JSON they should be. */
export const badJsonRequirements: readonly Requirement[] = [
  {
    id: "errors.json.malformed",
    title: "A body that is not JSON is a 400 in the error envelope.",
    reference,
    operations,
    async run(context) {
      for (const path of PATHS) {
        for (const body of ["{", "{]", "not json", "{'model':'x'}", '{"a":1,}', '{"a":1}{"b":2}']) {
          await refused(context, { path, body }, { status: 400, param: null });
        }
      }
    },
  },
  {
    id: "errors.json.byte-order-mark",
    title: "One byte order mark in front of a body is overlooked; a second one is a 400.",
    reference,
    operations,
    async run(context) {
      const [once, twice] = ["\ufeff", "\ufeff\ufeff"].map((marks) => marks + JSON.stringify(chatBody()));
      const reply = await context.http.send({ path: CHAT, body: once as string });
      assert.equal(reply.status, 200, reply.text);
      assertError(await context.http.send({ path: CHAT, body: twice as string }), { status: 400, param: null });
    },
  },
  {
    id: "errors.json.truncated",
    title: "A body that was cut off, wherever, is a 400 in the error envelope.",
    reference,
    operations,
    async run(context) {
      const whole = JSON.stringify(chatBody({ user: "ümläut" }));
      for (const length of [1, 9, Math.floor(whole.length / 2), whole.length - 1]) {
        await refused(context, { path: CHAT, body: whole.slice(0, length) }, { status: 400 });
      }
    },
  },
  {
    id: "errors.json.empty",
    title: "An empty body, and an empty object, are 400s that name the first missing parameter.",
    reference,
    operations,
    async run(context) {
      const first = {
        [CHAT]: ["messages", "model"],
        [COMPLETIONS]: ["model"],
        [EMBEDDINGS]: ["input", "model"],
        [MODERATIONS]: ["input"],
      };
      for (const [path, params] of Object.entries(first)) {
        for (const body of ["", "{}"]) {
          const reply = await context.http.send({ path, body, method: "POST" });
          assertError(reply, { status: 400, code: "missing_required_parameter" });
          const { param } = (reply.json() as { error: { param: string } }).error;
          assert.ok(params.includes(param), `${path}: ${reply.text}`);
        }
      }
      const reply = await context.http.send({ path: CHAT, method: "POST", headers: { "content-length": "0" } });
      assertError(reply, { status: 400 });
      assert.equal(context.engines.calls.length, 0);
    },
  },
  {
    id: "errors.json.top-level",
    title: "A body that is JSON, but not an object, is a 400.",
    reference,
    operations,
    async run(context) {
      for (const body of ["[]", "null", "5", '"text"', "true", `[${JSON.stringify(chatBody())}]`]) {
        await refused(context, { path: CHAT, body }, { status: 400 });
      }
    },
  },
  {
    id: "errors.json.types",
    title: "A value of the wrong type is a 400 whose `param` is its path.",
    reference,
    operations,
    async run(context) {
      const user = (content: unknown) => ({ messages: [...SAY_HELLO, { role: "user", content }] });
      const wrong: [Record<string, unknown>, string][] = [
        [{ messages: "hi" }, "messages"],
        [{ messages: {} }, "messages"],
        [{ messages: [] }, "messages"],
        [{ messages: [5] }, "messages[0]"],
        [{ messages: [{ role: "robot", content: "x" }] }, "messages[0].role"],
        [{ messages: [{ content: "x" }] }, "messages[0].role"],
        [{ messages: [{ role: "user" }] }, "messages[0].content"],
        [user(5), "messages[1].content"],
        [user([{ type: "text" }]), "messages[1].content[0].text"],
        [user([{ type: "video", video: {} }]), "messages[1].content[0].type"],
        [user([{ type: "image_url", image_url: {} }]), "messages[1].content[0].image_url.url"],
        [{ messages: [{ role: "tool", content: "x" }] }, "messages[0].tool_call_id"],
        [{ model: 5 }, "model"],
        [{ model: null }, "model"],
        [{ model: "" }, "model"],
        [{ tools: {} }, "tools"],
        [{ tools: [{ type: "function" }] }, "tools[0].function"],
        [{ stream_options: { include_usage: "yes" }, stream: true }, "stream_options.include_usage"],
      ];
      for (const [more, param] of wrong) {
        await refused(context, { path: CHAT, body: chatBody(more) }, { status: 400, param });
      }
    },
  },
  {
    id: "errors.json.utf8",
    title: "A body that is not valid UTF-8 is a 400, never a repaired text.",
    reference,
    operations,
    async run(context) {
      const text = JSON.stringify(chatBody({ user: "X" }));
      const at = text.indexOf('"X"') + 1;
      for (const bad of [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf0, 0x9f]]) {
        const body = Buffer.concat([Buffer.from(text.slice(0, at)), Buffer.from(bad), Buffer.from(text.slice(at + 1))]);
        await refused(context, { path: CHAT, body }, { status: 400 });
      }
    },
  },
  {
    id: "errors.json.prototype",
    title: "Keys that reach a prototype are a 400 or inert; no object is ever polluted.",
    reference,
    operations,
    async run(context) {
      const [open] = JSON.stringify(chatBody()).split(/\}$/);
      const keys = [
        '"__proto__":{"polluted":true}',
        '"constructor":{"prototype":{"polluted":true}}',
        '"metadata":{"__proto__":{"polluted":"yes"}}',
        '"logit_bias":{"__proto__":{"polluted":1}}',
        '"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"__proto__":{"polluted":true}}}}',
      ];
      for (const key of keys) {
        await refused(context, { path: CHAT, body: `${open},${key}}` }, { status: 400 });
        assert.ok(!("polluted" in {}), "Object.prototype was polluted");
      }
    },
  },
  {
    id: "errors.json.depth",
    title: "Nesting deep enough to overflow a stack is a 400.",
    reference,
    operations,
    async run(context) {
      const deep = (open: string, close: string, levels: number) => open.repeat(levels) + close.repeat(levels);
      const [start] = JSON.stringify(chatBody()).split(/\}$/);
      for (const nested of [deep("[", "]", 20_000), `${deep('{"a":', "}", 9_000).replace(":}", ":1}")}`]) {
        await refused(context, { path: CHAT, body: `${start},"metadata":${nested}}` }, { status: 400 });
        await refused(context, { path: CHAT, body: nested }, { status: 400 });
      }
    },
  },
  {
    id: "errors.json.characters",
    title: "NUL, control characters and lone surrogates in a text neither break the reply nor change its neighbours.",
    reference,
    operations,
    async run(context) {
      context.engines.play({ chat: ({ messages }) => String(messages[0]?.content) });
      const said = "a\u0000b\u001f\\ud83d-end";
      const content = '"a\\u0000b\\u001f\\\\ud83d-end"';
      const body = `{"model":"${MODELS.chat}","messages":[{"role":"user","content":${content}}]}`;
      const reply = await context.http.send({ path: CHAT, body });
      assert.equal(reply.status, 200, reply.text);
      assert.equal(contentOf(reply.json()), said);
      const lone = body.replace(content, '"a\\ud83d-end"');
      const echoed = await context.http.send({ path: CHAT, body: lone });
      assert.equal(echoed.status, 200, echoed.text);
      assert.match(contentOf(echoed.json()), /^a[\ud83d\ufffd]-end$/);
      const odd = chatBody({ model: "m\ud83d\u0000" });
      assertError(await context.http.send({ path: CHAT, body: odd }), { status: 404, code: "model_not_found" });
    },
  },
  {
    id: "errors.json.charset",
    title: "`application/json` is taken with parameters and in any case.",
    reference,
    operations,
    async run(context) {
      for (const type of ["application/json; charset=utf-8", "Application/JSON", "application/json;charset=UTF-8"]) {
        const reply = await context.http.send({ path: CHAT, body: chatBody(), headers: { "content-type": type } });
        assert.equal(reply.status, 200, `${type}: ${reply.text}`);
        assert.equal(contentOf(reply.json()), ANSWER);
      }
    },
  },
];

function contentOf(reply: unknown): string {
  return (reply as { choices?: { message: { content: string } }[] }).choices?.[0]?.message.content ?? "";
}
