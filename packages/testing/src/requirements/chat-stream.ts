import assert from "node:assert/strict";
import type OpenAI from "openai";
import { CHAT, chatBody, refused, SAY_HELLO, streamedChat } from "../kit/ask.ts";
import { eventReader } from "../kit/event-stream.ts";
import { MODELS } from "../kit/models.ts";
import { ANSWER } from "../kit/script.ts";
import { gate } from "../kit/within.ts";
import { PAGES, type Requirement } from "../requirement.ts";
import { assertUsage, chat } from "./chat.ts";

const operations = ["createChatCompletion"];

export const chatStreamRequirements: readonly Requirement[] = [
  {
    id: "chat.stream.framing",
    title: "A stream is `text/event-stream`: one `data:` line an event, a blank line after it, `[DONE]` once and last.",
    reference: PAGES.chatStreaming,
    operations,
    async run(context) {
      const { headers, data, text } = await streamedChat(context);
      assert.match(headers["content-type"] ?? "", /^text\/event-stream(; ?charset=utf-8)?$/i);
      assert.equal(data.filter((one) => one === "[DONE]").length, 1);
      assert.ok(text.endsWith("data: [DONE]\n\n"));
      assert.ok(!text.includes("\r"));
    },
  },
  {
    id: "chat.stream.first-delta",
    title: "The first delta of a choice has the role, and no later one has.",
    reference: PAGES.chatStreaming,
    operations,
    async run(context) {
      const { chunks } = await streamedChat(context);
      const [first, ...others] = chunks.map(({ choices }) => choices[0]?.delta);
      assert.equal(first?.role, "assistant");
      assert.equal(first?.content, "");
      for (const delta of others) assert.equal(delta?.role, undefined);
    },
  },
  {
    id: "chat.stream.same-head",
    title: "Every chunk has the same id, date and model, and `object: chat.completion.chunk`.",
    reference: PAGES.chatStreaming,
    operations,
    async run(context) {
      const { chunks } = await streamedChat(context, { stream_options: { include_usage: true } });
      const [first] = chunks;
      assert.ok(first);
      assert.match(first.id, /^chatcmpl-\w{20,}$/);
      assert.equal(first.model, MODELS.chat);
      for (const { id, object, created, model } of chunks) {
        assert.deepEqual([id, object, created, model], [first.id, "chat.completion.chunk", first.created, first.model]);
      }
    },
  },
  {
    id: "chat.stream.finish-reason",
    title: "`finish_reason` is null until a choice's last chunk, whose delta is empty.",
    reference: PAGES.chatStreaming,
    operations,
    async run(context) {
      const { chunks } = await streamedChat(context);
      const choices = chunks.map((chunk) => chunk.choices[0]);
      for (const choice of choices.slice(0, -1)) assert.equal(choice?.finish_reason, null);
      assert.deepEqual(choices.at(-1)?.delta, {});
      assert.equal(choices.at(-1)?.finish_reason, "stop");
      for (const choice of choices) assert.ok(choice && "logprobs" in choice && choice.index === 0);
    },
  },
  {
    id: "chat.stream.final-usage",
    title: "`include_usage` gives one extra last chunk with usage and no choices, and `usage: null` in all others.",
    reference: PAGES.chatStreaming,
    operations,
    async run(context) {
      context.engines.play({ chat: () => ["hi", { usage: { prompt_tokens: 41, completion_tokens: 3 } }] });
      const { chunks } = await streamedChat(context, { stream_options: { include_usage: true } });
      const last = chunks.at(-1);
      assert.deepEqual(last?.choices, []);
      assertUsage(last?.usage);
      assert.deepEqual([last?.usage?.prompt_tokens, last?.usage?.completion_tokens], [41, 3]);
      for (const chunk of chunks.slice(0, -1)) {
        assert.equal(chunk.usage, null);
        assert.equal(chunk.choices.length, 1);
      }
    },
  },
  {
    id: "chat.stream.no-usage",
    title: "Without `include_usage` no chunk has a `usage` key and every chunk has a choice.",
    reference: PAGES.chatStreaming,
    operations,
    async run(context) {
      context.engines.play({ chat: () => ["hi", { usage: { prompt_tokens: 41, completion_tokens: 3 } }] });
      for (const stream_options of [undefined, null, {}, { include_usage: false }]) {
        const { chunks } = await streamedChat(context, { stream_options });
        for (const chunk of chunks) {
          assert.ok(!("usage" in chunk), "a usage key was sent");
          assert.equal(chunk.choices.length, 1);
        }
      }
    },
  },
  {
    id: "chat.stream.obfuscation",
    title: "Chunks are padded with `obfuscation`, unless `include_obfuscation` is false.",
    reference: PAGES.chat,
    operations,
    async run(context) {
      const padded = await streamedChat(context);
      for (const chunk of padded.chunks) {
        const { obfuscation } = chunk as { obfuscation?: unknown };
        assert.ok(typeof obfuscation === "string" && obfuscation.length > 0, "a chunk is not padded");
      }
      const bare = await streamedChat(context, { stream_options: { include_obfuscation: false } });
      for (const chunk of bare.chunks) assert.ok(!("obfuscation" in chunk), "a chunk is padded");
    },
  },
  {
    id: "chat.stream.options-alone",
    title: "`stream_options` without `stream` is a 400 that names it.",
    reference: PAGES.chat,
    operations,
    async run(context) {
      const body = chatBody({ stream_options: { include_usage: true } });
      await refused(context, { path: CHAT, body }, { status: 400, param: "stream_options" });
    },
  },
  {
    id: "chat.stream.n",
    title: "`n` streams interleave by `index`; each has its own role, text and `finish_reason`.",
    reference: PAGES.chatStreaming,
    operations,
    async run(context) {
      const second = gate();
      let asked = 0;
      context.engines.play({
        // The first choice cannot end before the second has begun: a server that runs them in turn never answers.
        async *chat() {
          const own = asked++;
          yield `${own}:a`;
          if (own === 1) second.open();
          await second.opened;
          yield `${own}:b`;
        },
      });
      const { chunks } = await streamedChat(context, { n: 2 });
      for (const index of [0, 1]) {
        const own = chunks.flatMap(({ choices }) => choices.filter((choice) => choice.index === index));
        assert.equal(own[0]?.delta.role, "assistant");
        assert.equal(own.map(({ delta }) => delta.content ?? "").join(""), `${index}:a${index}:b`);
        assert.deepEqual(
          own.map(({ finish_reason }) => finish_reason).filter((reason) => reason !== null),
          ["stop"],
        );
      }
    },
  },
  {
    id: "chat.stream.text",
    title: "Line breaks, quotes and characters of several bytes arrive whole, wherever the engine cut its pieces.",
    reference: PAGES.chatStreaming,
    operations,
    async run(context) {
      const pieces = ["a\n\nb", "\r\ndata: x\n\n", "\u2028世", "界", "👩‍🚀", '"\\', "\u0000"];
      context.engines.play({ chat: () => pieces });
      const { chunks } = await streamedChat(context);
      assert.equal(chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join(""), pieces.join(""));
    },
  },
  {
    id: "chat.stream.refusal",
    title: "A refusal is streamed in `delta.refusal`.",
    reference: PAGES.chatStreaming,
    operations,
    async run(context) {
      context.engines.play({ chat: () => [{ refusal: "I will " }, { refusal: "not." }] });
      const { chunks } = await streamedChat(context);
      const refusal = chunks.map(({ choices }) => choices[0]?.delta.refusal ?? "").join("");
      assert.equal(refusal, "I will not.");
      assert.ok(chunks.every(({ choices }) => !choices[0]?.delta.content));
    },
  },
  {
    id: "chat.stream.as-produced",
    title: "A chunk is with the client before the engine has made the next one.",
    reference: PAGES.streaming,
    operations,
    async run({ http, engines }) {
      const seen = [gate(), gate()];
      engines.play({
        async *chat() {
          yield "one";
          await seen[0]?.opened;
          yield "two";
          await seen[1]?.opened;
          yield "three";
        },
      });
      const events = eventReader(await http.open({ path: CHAT, body: chatBody({ stream: true }) }));
      const awaiting = ["one", "two"];
      let text = "";
      for (let data = await events.next(); data !== null && data !== "[DONE]"; data = await events.next()) {
        const content = JSON.parse(data).choices[0].delta.content ?? "";
        text += content;
        // The engine goes on only once the client holds what it made.
        const at = awaiting.indexOf(content);
        if (at >= 0) seen[at]?.open();
      }
      assert.equal(text, "onetwothree");
    },
  },
  {
    id: "chat.stream.sdk",
    title: "The SDK iterates the stream, and its `stream()` helper builds the final completion.",
    reference: PAGES.streaming,
    operations,
    async run({ client }) {
      const params = { model: MODELS.chat, messages: [...SAY_HELLO] };
      let text = "";
      for await (const chunk of await client.chat.completions.create({ ...params, stream: true })) {
        text += chunk.choices[0]?.delta.content ?? "";
      }
      assert.equal(text, ANSWER);
      const helper = client.chat.completions.stream({ ...params, stream_options: { include_usage: true } });
      const deltas: string[] = [];
      helper.on("content", (delta) => deltas.push(delta));
      const completion = await helper.finalChatCompletion();
      assert.equal(deltas.join(""), ANSWER);
      assert.equal(completion.choices[0]?.message.content, ANSWER);
      assertUsage(completion.usage);
    },
  },
  {
    id: "chat.stream.twin",
    title: "The stream adds up to the whole reply that the same answer gives, from functions and from engines.",
    reference: PAGES.chatStreaming,
    operations,
    async run(context) {
      const call = { id: "call_1", name: "weather", arguments: { at: "Oslo" } };
      context.engines.play({
        chat: () => ["Let me see.", { tool_call: call }, { tool_call: { ...call, id: "call_2" } }],
      });
      for (const model of [MODELS.chat, MODELS.engine]) {
        const whole = await chat(context, { model });
        const helper = context.client.chat.completions.stream({ model, messages: [...SAY_HELLO] });
        const built = await helper.finalChatCompletion();
        const [expected, got] = [whole.choices[0], built.choices[0]];
        assert.equal(got?.finish_reason, expected?.finish_reason);
        assert.equal(got?.message.content, expected?.message.content);
        assert.deepEqual(toolCalls(got), toolCalls(expected));
      }
    },
  },
];

function toolCalls(choice: OpenAI.ChatCompletion.Choice | undefined) {
  return (choice?.message.tool_calls ?? []).map((call) => {
    assert.ok(call.type === "function");
    return [call.id, call.function.name, call.function.arguments];
  });
}
