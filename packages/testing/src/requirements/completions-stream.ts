import assert from "node:assert/strict";
import { COMPLETIONS, completionBody, refused, streamedCompletion } from "../kit/ask.ts";
import { MODELS } from "../kit/models.ts";
import { ANSWER } from "../kit/script.ts";
import { PAGES, type Requirement } from "../requirement.ts";
import { assertUsage } from "./chat.ts";

const operations = ["createCompletion"];
const reference = PAGES.completions;

export const completionsStreamRequirements: readonly Requirement[] = [
  {
    id: "completions.stream",
    title: "Chunks have the reply's own shape, one id, `finish_reason` only in a choice's last, and end in `[DONE]`.",
    reference: PAGES.completionObject,
    operations,
    async run(context) {
      const { chunks, headers } = await streamedCompletion(context, { prompt: ["a", "b"] });
      assert.match(headers["content-type"] ?? "", /^text\/event-stream/);
      assert.equal(new Set(chunks.map(({ id, created, model }) => `${id} ${created} ${model}`)).size, 1);
      assert.match(chunks[0]?.id ?? "", /^cmpl-\w{20,}$/);
      for (const index of [0, 1]) {
        const own = chunks.flatMap(({ choices }) => choices.filter((choice) => choice.index === index));
        assert.equal(own.map(({ text }) => text).join(""), ANSWER);
        assert.equal(own.at(-1)?.finish_reason, "stop");
        for (const choice of own.slice(0, -1)) assert.equal(choice.finish_reason, null);
        for (const choice of own)
          assert.deepEqual(Object.keys(choice).toSorted(), ["finish_reason", "index", "logprobs", "text"]);
      }
      for (const chunk of chunks) {
        assert.equal(chunk.object, "text_completion");
        assert.ok(!("usage" in chunk), "a usage key was sent");
      }
    },
  },
  {
    id: "completions.stream.usage",
    title: "`include_usage` gives one extra last chunk with usage and no choices, and `usage: null` in all others.",
    reference,
    operations,
    async run(context) {
      const { chunks } = await streamedCompletion(context, { stream_options: { include_usage: true } });
      assert.deepEqual(chunks.at(-1)?.choices, []);
      assertUsage(chunks.at(-1)?.usage);
      for (const chunk of chunks.slice(0, -1)) assert.equal(chunk.usage, null);
      const alone = completionBody({ stream_options: { include_usage: true } });
      context.engines.reset();
      await refused(context, { path: COMPLETIONS, body: alone }, { status: 400, param: "stream_options" });
    },
  },
  {
    id: "completions.stream.sdk",
    title: "The SDK iterates the stream.",
    reference,
    operations,
    async run({ client }) {
      let text = "";
      const stream = await client.completions.create({ model: MODELS.text, prompt: "Once", stream: true });
      for await (const chunk of stream) text += chunk.choices[0]?.text ?? "";
      assert.equal(text, ANSWER);
    },
  },
];
