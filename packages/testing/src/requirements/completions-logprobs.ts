import assert from "node:assert/strict";
import type { CompletionLogprobs } from "@outlet/core";
import { COMPLETIONS, complete, completionBody, refused, streamedCompletion } from "../kit/ask.ts";
import { MODELS } from "../kit/models.ts";
import { PAGES, type Requirement } from "../requirement.ts";

const operations = ["createCompletion"];
const reference = PAGES.completions;

/** Requirements on log probabilities, and on `best_of`, which ranks by them. */
export const completionsLogprobsRequirements: readonly Requirement[] = [
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
];

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
