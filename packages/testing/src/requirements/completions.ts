import assert from "node:assert/strict";
import type { CompletionLogprobs } from "@outlet/core";
import type OpenAI from "openai";
import { COMPLETIONS, completionBody, ok, refused, streamed } from "../kit/ask.ts";
import { MODELS } from "../kit/models.ts";
import { ANSWER } from "../kit/script.ts";
import { PAGES, type Requirement, type RequirementContext } from "../requirement.ts";
import { assertUsage } from "./chat.ts";

const operations = ["createCompletion"];
const reference = PAGES.completions;

export const completionsRequirements: readonly Requirement[] = [
  {
    id: "completions.object",
    title: "A reply has every required key, nullable ones as null, each of its type.",
    reference: PAGES.completionObject,
    operations,
    async run(context) {
      for (const model of [MODELS.text, MODELS.engine, MODELS.chat]) {
        const completion = await complete(context, { model });
        assert.equal(completion.object, "text_completion");
        assert.match(completion.id, /^cmpl-\w{20,}$/);
        assert.ok(Number.isInteger(completion.created) && Math.abs(completion.created - Date.now() / 1000) < 60);
        assert.equal(completion.model, model);
        assert.deepEqual(completion.choices, [{ index: 0, text: ANSWER, logprobs: null, finish_reason: "stop" }]);
        assertUsage(completion.usage);
      }
    },
  },
  {
    id: "completions.prompts",
    title: "A list of prompts gives one choice for each, in order; with `n`, n for each, side by side.",
    reference,
    operations,
    async run({ client, engines }) {
      engines.play({ text: ({ prompt }) => `<${prompt}>` });
      const one = await client.completions.create({ model: MODELS.text, prompt: ["a", "b", "c"] });
      assert.deepEqual(
        one.choices.map(({ index, text }) => [index, text]),
        [
          [0, "<a>"],
          [1, "<b>"],
          [2, "<c>"],
        ],
      );
      const two = await client.completions.create({ model: MODELS.text, prompt: ["a", "b"], n: 2 });
      assert.deepEqual(
        two.choices.map(({ text }) => text),
        ["<a>", "<a>", "<b>", "<b>"],
      );
      assert.deepEqual(
        two.choices.map(({ index }) => index),
        [0, 1, 2, 3],
      );
    },
  },
  {
    id: "completions.token-prompts",
    title: "Token arrays, one or several, reach the engine as tokens.",
    reference,
    operations,
    async run({ client, engines }) {
      engines.play({ text: ({ prompt }) => JSON.stringify(prompt) });
      const one = await client.completions.create({ model: MODELS.text, prompt: [1, 2, 3] });
      assert.deepEqual(
        one.choices.map(({ text }) => text),
        ["[1,2,3]"],
      );
      assert.equal(one.usage?.prompt_tokens, 3);
      const two = await client.completions.create({ model: MODELS.text, prompt: [[1, 2], [3]] });
      assert.deepEqual(
        two.choices.map(({ text }) => text),
        ["[1,2]", "[3]"],
      );
    },
  },
  {
    id: "completions.prompt.invalid",
    title: "A prompt of mixed kinds, an empty list or a negative token is a 400 at `prompt`.",
    reference,
    operations,
    async run(context) {
      for (const prompt of [[], ["a", 1], [1, "a"], [[]], [-1], [1.5], {}, 5]) {
        const reply = await context.http.send({ path: COMPLETIONS, body: completionBody({ prompt }) });
        assert.equal(reply.status, 400, `${JSON.stringify(prompt)}: ${reply.text}`);
        assert.match((reply.json() as { error: { param: string } }).error.param, /^prompt\b/);
      }
      assert.equal(context.engines.calls.length, 0);
    },
  },
  {
    id: "completions.echo",
    title: "`echo` puts the prompt in front of the completion, whole and streamed, over text and chat models.",
    reference,
    operations,
    async run(context) {
      for (const model of [MODELS.text, MODELS.chat]) {
        const asked = { model, prompt: "Once upon ", echo: true };
        assert.equal((await complete(context, asked)).choices[0]?.text, `Once upon ${ANSWER}`);
        const { chunks } = await streamedCompletion(context, asked);
        assert.equal(textOf(chunks), `Once upon ${ANSWER}`);
      }
    },
  },
  {
    id: "completions.suffix",
    title: "`suffix` reaches an engine that honours it and is refused by name elsewhere.",
    reference,
    operations,
    async run(context) {
      await complete(context, { model: MODELS.engine, suffix: " the end." });
      assert.equal(context.engines.calls[0]?.request.suffix, " the end.");
      context.engines.reset();
      const expected = { status: 400, code: "unsupported_parameter", param: "suffix" };
      for (const model of [MODELS.text, MODELS.chat]) {
        await refused(context, { path: COMPLETIONS, body: completionBody({ model, suffix: "!" }) }, expected);
      }
    },
  },
  {
    id: "completions.best-of",
    title: "`best_of` gives the candidates with the highest log probability per token, and bills all of them.",
    reference,
    operations,
    async run(context) {
      const scores = [-3, -0.5, -2];
      let asked = 0;
      context.engines.play({
        engineComplete: ({ model }) => completionScored(model, asked, scores[asked++ % scores.length] ?? 0),
      });
      const { choices, usage } = await complete(context, { model: MODELS.engine, best_of: 3, n: 2 });
      assert.deepEqual(
        choices.map(({ index, text }) => [index, text]),
        [
          [0, "candidate 1"],
          [1, "candidate 2"],
        ],
      );
      assert.ok(
        choices.every(({ logprobs }) => logprobs === null),
        "log probabilities that were not asked for",
      );
      assert.equal(usage?.prompt_tokens, 7);
      assert.equal(usage?.completion_tokens, 6, "three candidates of two tokens each were generated");
    },
  },
  {
    id: "completions.best-of.rules",
    title:
      "`best_of` below `n`, in a stream above `n`, or on a model without log probabilities is a 400 that names it.",
    reference,
    operations,
    async run(context) {
      const expected = { status: 400, param: "best_of" };
      const wrong = [
        { model: MODELS.engine, best_of: 1, n: 2 },
        { model: MODELS.engine, best_of: 2, stream: true },
        { model: MODELS.engine, best_of: 21 },
        { model: MODELS.text, best_of: 2 },
      ];
      for (const more of wrong) await refused(context, { path: COMPLETIONS, body: completionBody(more) }, expected);
    },
  },
  {
    id: "completions.logprobs",
    title: "Log probabilities of an engine that has them reach the client, whole and streamed; elsewhere a 400.",
    reference: PAGES.completionObject,
    operations,
    async run(context) {
      context.engines.play({ engineComplete: ({ model }) => completionScored(model, 0, -0.5) });
      const asked = { model: MODELS.engine, logprobs: 2 };
      const expected = completionScored("", 0, -0.5).choices[0]?.logprobs;
      assert.deepEqual((await complete(context, asked)).choices[0]?.logprobs, expected);
      const { chunks } = await streamedCompletion(context, asked);
      assert.deepEqual(chunks.flatMap(({ choices }) => choices[0]?.logprobs ?? [])[0], expected);
      context.engines.reset();
      const unsupported = { status: 400, code: "unsupported_parameter", param: "logprobs" };
      await refused(context, { path: COMPLETIONS, body: completionBody({ logprobs: 1 }) }, unsupported);
      const six = { path: COMPLETIONS, body: completionBody({ model: MODELS.engine, logprobs: 6 }) };
      await refused(context, six, { status: 400, param: "logprobs" });
    },
  },
  {
    id: "completions.max-tokens",
    title: "Without `max_tokens` a completion has at most 16 tokens; engines are told so.",
    reference,
    operations,
    async run(context) {
      await complete(context, { model: MODELS.engine });
      assert.equal(context.engines.calls[0]?.request.max_tokens, 16);
      const long = "word ".repeat(200);
      context.engines.play({ text: () => long, chat: () => long });
      for (const model of [MODELS.text, MODELS.chat]) {
        const cut = await complete(context, { model });
        assert.equal(cut.choices[0]?.finish_reason, "length", model);
        assert.ok((cut.choices[0]?.text.length ?? 0) < long.length);
        assert.ok((cut.usage?.completion_tokens ?? 99) <= 16, `billed ${cut.usage?.completion_tokens} tokens`);
        const whole = await complete(context, { model, max_tokens: 4000 });
        assert.deepEqual([whole.choices[0]?.finish_reason, whole.choices[0]?.text], ["stop", long]);
      }
    },
  },
  {
    id: "completions.stop",
    title: "`stop` ends the text before the sequence.",
    reference,
    operations,
    async run(context) {
      context.engines.play({
        text: async function* () {
          yield* ["one tw", "o three"];
        },
      });
      const { choices } = await complete(context, { stop: ["two"] });
      assert.deepEqual([choices[0]?.text, choices[0]?.finish_reason], ["one ", "stop"]);
    },
  },
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
  {
    id: "completions.over-chat",
    title: "A model that only chats continues text: the prompt reaches it as the message of a user.",
    reference,
    operations,
    async run({ client, engines }) {
      const completion = await client.completions.create({ model: MODELS.chat, prompt: "Once upon", temperature: 0.5 });
      assert.equal(completion.choices[0]?.text, ANSWER);
      assert.deepEqual(engines.calls[0]?.request.messages, [{ role: "user", content: "Once upon" }]);
      assert.equal(engines.calls[0]?.request.temperature, 0.5);
    },
  },
  {
    id: "completions.wrong-model",
    title: "A model that does not continue text is refused, naming `model`.",
    reference: PAGES.errors,
    operations,
    run: (context) =>
      refused(
        context,
        { path: COMPLETIONS, body: completionBody({ model: MODELS.vectors }) },
        { status: 404, param: "model" },
      ),
  },
];

function complete(context: RequirementContext, more: Record<string, unknown>): Promise<OpenAI.Completion> {
  return ok<OpenAI.Completion>(context, COMPLETIONS, completionBody(more));
}

function streamedCompletion(context: RequirementContext, more: Record<string, unknown>) {
  return streamed<OpenAI.Completion>(context, COMPLETIONS, completionBody(more));
}

function textOf(chunks: readonly OpenAI.Completion[]): string {
  return chunks.map(({ choices }) => choices[0]?.text ?? "").join("");
}

function completionScored(model: string, candidate: number, logprob: number) {
  const logprobs: CompletionLogprobs = {
    tokens: ["candidate", ` ${candidate}`],
    token_logprobs: [logprob, logprob],
    top_logprobs: [{ candidate: logprob }, { [` ${candidate}`]: logprob }],
    text_offset: [0, 9],
  };
  return {
    id: "cmpl-scored",
    object: "text_completion" as const,
    created: 1,
    model,
    choices: [{ index: 0, text: `candidate ${candidate}`, logprobs, finish_reason: "stop" as const }],
    usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 },
  };
}
