import assert from "node:assert/strict";
import { COMPLETIONS, complete, completionBody, refused, streamedCompletion } from "../kit/ask.ts";
import { MODELS } from "../kit/models.ts";
import { ANSWER } from "../kit/script.ts";
import { PAGES, type Requirement } from "../requirement.ts";
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
        assert.equal(chunks.map(({ choices }) => choices[0]?.text ?? "").join(""), `Once upon ${ANSWER}`);
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
