import assert from "node:assert/strict";
import type OpenAI from "openai";
import { CHAT, chatBody, ok, RESPONSES, refused, responseBody } from "../kit/ask.ts";
import { JUDGED, MODELS } from "../kit/models.ts";
import { PAGES, type Requirement } from "../requirement.ts";

const operations = ["createChatCompletion", "createResponse"];
const reference = PAGES.moderationGuide;

const asking = (policy?: object) => ({ moderation: { model: MODELS.moderator, ...(policy && { policy }) } });
/** All is violent that has "bad" in it. */
const strict = {
  chat: () => "A bad word.",
  scores: ({ input }: { input: readonly unknown[] }) =>
    input.map((parts) => ({ violence: JSON.stringify(parts).includes("bad") ? 1 : 0 })),
};

export const moderatedRequirements: readonly Requirement[] = [
  {
    id: "moderated.scores",
    title: "`moderation` gives the results for the input and the output with a chat, and one a side with a response.",
    reference,
    operations,
    async run(context) {
      context.engines.play(strict);
      const { moderation } = await ok<OpenAI.ChatCompletion>(context, CHAT, chatBody(asking()));
      for (const [side, flagged] of [
        [moderation?.input, false],
        [moderation?.output, true],
      ] as const) {
        assert.equal(side?.type, "moderation_results");
        assert.equal(side.model, MODELS.moderator);
        const [result, ...others] = side.results;
        assert.deepEqual([others, result?.flagged, result?.type], [[], flagged, "moderation_result"]);
      }
      const response = await ok<OpenAI.Responses.Response>(context, RESPONSES, responseBody(asking()));
      const { input, output } = response.moderation ?? {};
      assert.ok(input?.type === "moderation_result" && output?.type === "moderation_result");
      assert.deepEqual([input.flagged, output.flagged, output.model], [false, true, MODELS.moderator]);
    },
  },
  {
    id: "moderated.stream",
    title: "A stream has the results in a chunk of its own, that of a response in its last event.",
    reference,
    operations,
    async run({ client, engines }) {
      engines.play(strict);
      const { model, messages } = chatBody() as unknown as OpenAI.ChatCompletionCreateParamsStreaming;
      const moderated: OpenAI.ChatCompletionChunk[] = [];
      for await (const chunk of await client.chat.completions.create({ model, messages, stream: true, ...asking() })) {
        if (chunk.moderation) moderated.push(chunk);
      }
      assert.deepEqual(
        moderated.map(({ choices, moderation }) => [choices, moderation?.output.type]),
        [[[], "moderation_results"]],
      );
      const stream = client.responses.stream({ model, input: "Say hello.", ...asking() });
      const { moderation } = await stream.finalResponse();
      assert.ok(moderation?.output.type === "moderation_result" && moderation.output.flagged);
    },
  },
  {
    id: "moderated.block",
    title: "In the mode `block`, flagged input is a 400 before a model is asked, and flagged output is not sent.",
    reference,
    operations,
    async run(context) {
      context.engines.play(strict);
      const input = asking({ input: { mode: "block" } });
      const messages = [{ role: "user", content: "something bad" }];
      for (const [path, body, param] of [
        [CHAT, chatBody({ messages, ...input }), "messages"],
        [RESPONSES, responseBody({ input: "something bad", ...input }), "input"],
      ] as const) {
        const reply = await context.http.send({ path, body });
        const { error } = reply.json() as { error: { code: string; param: string } };
        assert.deepEqual([reply.status, error.code, error.param], [400, "moderation_blocked", param]);
      }
      assert.ok(context.engines.calls.every(({ ability }) => ability !== "chat"));
      const output = asking({ output: { mode: "block" } });
      const chat = await ok<OpenAI.ChatCompletion>(context, CHAT, chatBody(output));
      assert.deepEqual([chat.choices[0]?.finish_reason, chat.choices[0]?.message.content], ["content_filter", ""]);
      const response = await ok<OpenAI.Responses.Response>(context, RESPONSES, responseBody(output));
      assert.deepEqual([response.incomplete_details?.reason, response.output], ["content_filter", []]);
    },
  },
  {
    id: "moderated.nobody",
    title: "Where nobody moderates under the model that is named, `moderation` is refused by name.",
    reference,
    operations,
    async run(context) {
      const moderation = { model: "kit-nobody" };
      const expected = { status: 400, code: "unsupported_parameter", param: "moderation", message: /kit-nobody/ };
      await refused(context, { path: CHAT, body: chatBody({ moderation }) }, expected);
      await refused(context, { path: RESPONSES, body: responseBody({ moderation }) }, expected);
    },
  },
  {
    id: "moderated.judged",
    title: "Where a chat model judges, the reply says that moderation was made up for.",
    reference,
    operations,
    async run({ http, engines }) {
      engines.play({ chat: () => "no scores" });
      const reply = await http.send({ path: CHAT, body: chatBody({ moderation: { model: JUDGED } }) });
      assert.match(String(reply.headers["outlet-emulated"]), /\bmoderation\b/);
      const { moderation } = reply.json() as OpenAI.ChatCompletion;
      assert.equal(moderation?.input.type, "error");
    },
  },
];
