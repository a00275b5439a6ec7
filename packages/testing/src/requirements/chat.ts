import assert from "node:assert/strict";
import type OpenAI from "openai";
import { CHAT, chatBody, ok, refused, SAY_HELLO } from "../kit/ask.ts";
import { MODELS } from "../kit/models.ts";
import { ANSWER } from "../kit/script.ts";
import { PAGES, type Requirement, type RequirementContext } from "../requirement.ts";

const operations = ["createChatCompletion"];

export const chatRequirements: readonly Requirement[] = [
  {
    id: "chat.object",
    title: "A reply has every required key, nullable ones as null, each of its type.",
    reference: PAGES.chatObject,
    operations,
    async run(context) {
      for (const model of [MODELS.chat, MODELS.engine]) {
        const completion = await chat(context, { model });
        assert.equal(completion.object, "chat.completion");
        assert.match(completion.id, /^chatcmpl-\w{20,}$/);
        assert.ok(Math.abs(completion.created - Date.now() / 1000) < 60 && Number.isInteger(completion.created));
        assert.equal(completion.model, model);
        assert.equal(completion.choices.length, 1);
        const [choice] = completion.choices;
        assert.ok(choice);
        assert.deepEqual(Object.keys(choice).toSorted(), ["finish_reason", "index", "logprobs", "message"]);
        assert.equal(choice.index, 0);
        assert.equal(choice.logprobs, null);
        assert.equal(choice.finish_reason, "stop");
        assert.equal(choice.message.role, "assistant");
        assert.equal(choice.message.content, ANSWER);
        assert.equal(choice.message.refusal, null);
        assertUsage(completion.usage);
      }
    },
  },
  {
    id: "chat.media-type",
    title: "A whole reply is `application/json`, in UTF-8, byte for byte what the model said.",
    reference: PAGES.chat,
    operations,
    async run({ http, engines }) {
      const text = 'Grüße, 世界 — 👩‍🚀 \u0000\u001f"\\ \u2028</script>';
      engines.play({ chat: () => text });
      const reply = await http.send({ path: CHAT, body: chatBody() });
      assert.match(reply.headers["content-type"] ?? "", /^application\/json\b/);
      assert.equal((reply.json() as OpenAI.ChatCompletion).choices[0]?.message.content, text);
    },
  },
  {
    id: "chat.id",
    title: "Every reply has an id of its own.",
    reference: PAGES.chatObject,
    operations,
    async run(context) {
      const replies = await Promise.all(Array.from({ length: 8 }, () => chat(context)));
      assert.equal(new Set(replies.map(({ id }) => id)).size, 8);
    },
  },
  {
    id: "chat.roles",
    title: "Messages of every role reach the engine as the client wrote them.",
    reference: PAGES.chat,
    operations,
    async run({ client, engines }) {
      const messages: OpenAI.ChatCompletionMessageParam[] = [
        { role: "developer", content: "Be brief.", name: "ops" },
        { role: "system", content: [{ type: "text", text: "Be kind." }] },
        { role: "user", content: "Weather?", name: "ana" },
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "call_1", type: "function", function: { name: "weather", arguments: '{"at":"Oslo"}' } }],
        },
        { role: "tool", tool_call_id: "call_1", content: "Rain" },
        { role: "assistant", content: null, function_call: { name: "noop", arguments: "{}" } },
        { role: "function", name: "noop", content: "" },
        { role: "assistant", content: "It rains.", refusal: null },
        { role: "user", content: "Thanks." },
      ];
      await client.chat.completions.create({ model: MODELS.engine, messages });
      assert.deepEqual(engines.calls[0]?.request.messages, messages);
    },
  },
  {
    id: "chat.content-parts",
    title: "Text, image, audio and file parts reach the engine as the client wrote them.",
    reference: PAGES.chat,
    operations,
    async run({ client, engines }) {
      const content: OpenAI.ChatCompletionContentPart[] = [
        { type: "text", text: "What is this?" },
        { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=", detail: "low" } },
        { type: "image_url", image_url: { url: "https://example.com/a.png" } },
        { type: "input_audio", input_audio: { data: "UklGRg==", format: "wav" } },
        { type: "file", file: { file_data: "data:application/pdf;base64,JVBERi0=", filename: "a.pdf" } },
      ];
      await client.chat.completions.create({ model: MODELS.engine, messages: [{ role: "user", content }] });
      assert.deepEqual(engines.calls[0]?.request.messages, [{ role: "user", content }]);
    },
  },
  {
    id: "chat.n",
    title: "`n` gives as many choices, indexed from 0, and the prompt is billed once.",
    reference: PAGES.chat,
    operations,
    async run(context) {
      let asked = 0;
      context.engines.play({
        chat: () => [`answer ${asked++}`, { usage: { prompt_tokens: 10, completion_tokens: 2 } }],
      });
      const { choices, usage } = await chat(context, { n: 3 });
      assert.deepEqual(
        choices.map(({ index }) => index),
        [0, 1, 2],
      );
      assert.equal(new Set(choices.map(({ message }) => message.content)).size, 3);
      assert.deepEqual([usage?.prompt_tokens, usage?.completion_tokens, usage?.total_tokens], [10, 6, 16]);
    },
  },
  {
    id: "chat.stop",
    title: "`stop`, a text or up to four, ends the answer before the sequence, whose text is not returned.",
    reference: PAGES.chat,
    operations,
    async run(context) {
      context.engines.play({ chat: () => ["one two ", "three four"] });
      assert.equal(await said(context, { stop: "three" }), "one two ");
      assert.equal(await said(context, { stop: ["four", "two", "zzz"] }), "one ");
      assert.equal(await said(context, { stop: "absent" }), "one two three four");
      const { choices } = await chat(context, { stop: "two" });
      assert.equal(choices[0]?.finish_reason, "stop");
      const five = { path: CHAT, body: chatBody({ stop: ["a", "b", "c", "d", "e"] }) };
      context.engines.reset();
      await refused(context, five, { status: 400, param: "stop" });
    },
  },
  {
    id: "chat.stop.across-pieces",
    title: "A stop sequence is found although the engine gives it in pieces.",
    reference: PAGES.chat,
    operations,
    async run(context) {
      context.engines.play({ chat: () => [..."keep this<END>not this"] });
      assert.equal(await said(context, { stop: "<END>" }), "keep this");
      context.engines.play({ chat: () => ["a<EN", "DING>", "<E", "N"] });
      assert.equal(await said(context, { stop: "<END>" }), "a<ENDING><EN");
    },
  },
  {
    id: "chat.max-tokens",
    title: "`max_completion_tokens` and `max_tokens` cut the answer, and `finish_reason` is `length`.",
    reference: PAGES.chat,
    operations,
    async run(context) {
      const long = "word ".repeat(200);
      context.engines.play({ chat: () => long });
      for (const limit of ["max_completion_tokens", "max_tokens"]) {
        const { choices } = await chat(context, { [limit]: 5 });
        const [choice] = choices;
        assert.equal(choice?.finish_reason, "length", limit);
        const content = choice?.message.content ?? "";
        assert.ok(content.length > 0 && content.length < long.length && long.startsWith(content), content);
      }
      const { choices } = await chat(context, { max_completion_tokens: 5000 });
      assert.deepEqual([choices[0]?.finish_reason, choices[0]?.message.content], ["stop", long]);
    },
  },
  {
    id: "chat.usage",
    title: "`usage` is what the engine reports, else an estimate; details are numbers and the total is the sum.",
    reference: PAGES.chatObject,
    operations,
    async run(context) {
      context.engines.play({ chat: () => ["hi", { usage: { prompt_tokens: 41, completion_tokens: 3 } }] });
      const reported = await chat(context);
      assert.deepEqual([reported.usage?.prompt_tokens, reported.usage?.completion_tokens], [41, 3]);
      assertUsage(reported.usage);
      context.engines.play({ chat: () => "a guess of some length" });
      const estimated = await chat(context);
      assertUsage(estimated.usage);
      assert.ok((estimated.usage?.completion_tokens ?? 0) > 0);
    },
  },
  {
    id: "chat.refusal",
    title: "A refusal is in `message.refusal`, and `content` is null.",
    reference: PAGES.chatObject,
    operations,
    async run(context) {
      context.engines.play({ chat: () => ({ refusal: "I will not." }) });
      const { choices } = await chat(context);
      assert.equal(choices[0]?.message.refusal, "I will not.");
      assert.equal(choices[0]?.message.content, null);
    },
  },
  {
    id: "chat.finish-reason",
    title: "An engine's own `finish_reason` reaches the client.",
    reference: PAGES.chatObject,
    operations,
    async run(context) {
      context.engines.play({ chat: () => ["no", { finish_reason: "content_filter" }] });
      assert.equal((await chat(context)).choices[0]?.finish_reason, "content_filter");
    },
  },
  {
    id: "chat.alias",
    title: "The engine sees the model by its own id.",
    reference: PAGES.chat,
    operations,
    async run(context) {
      const completion = await chat(context, { model: MODELS.alias });
      assert.equal(context.engines.calls[0]?.request.model, "kit-engine-2026-01-01");
      // The service answers an alias with the id of the snapshot behind it.
      assert.equal(completion.model, "kit-engine-2026-01-01");
    },
  },
  {
    id: "chat.model-in-path",
    title: "A model id with slashes can be asked.",
    reference: PAGES.chat,
    operations,
    async run({ client }) {
      const completion = await client.chat.completions.create({ model: MODELS.slashed, messages: [...SAY_HELLO] });
      assert.equal(completion.choices[0]?.message.content, ANSWER);
    },
  },
];

export function chat(context: RequirementContext, more: Record<string, unknown> = {}): Promise<OpenAI.ChatCompletion> {
  return ok<OpenAI.ChatCompletion>(context, CHAT, chatBody(more));
}

async function said(context: RequirementContext, more: Record<string, unknown>): Promise<string | null | undefined> {
  return (await chat(context, more)).choices[0]?.message.content;
}

export function assertUsage(usage: OpenAI.CompletionUsage | null | undefined): void {
  assert.ok(usage, "usage is missing");
  const { prompt_tokens, completion_tokens, total_tokens, ...details } = usage;
  for (const count of [prompt_tokens, completion_tokens, total_tokens]) {
    assert.ok(Number.isInteger(count) && count >= 0, `not a count: ${count}`);
  }
  assert.equal(total_tokens, prompt_tokens + completion_tokens);
  for (const group of Object.values(details)) {
    for (const count of Object.values(group ?? {})) assert.ok(Number.isInteger(count), `not a count: ${count}`);
  }
}
