import assert from "node:assert/strict";
import { ApiError } from "@outlet/core";
import type OpenAI from "openai";
import { RESPONSES, refused, responseBody } from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import { MAX_PENDING, MODELS } from "../kit/models.ts";
import { ANSWER } from "../kit/script.ts";
import { gate, within } from "../kit/within.ts";
import { PAGES, type Requirement } from "../requirement.ts";

const MCP = { type: "mcp", server_label: "kit", server_url: "https://mcp.example/" };

/** Requirements on responses that nobody waits for. */
export const responsesBackgroundRequirements: readonly Requirement[] = [
  {
    id: "responses.background",
    title: "A response in the background is `queued` at once, and found completed later, with its usage.",
    reference: PAGES.background,
    operations: ["createResponse", "getResponse"],
    async run({ client }) {
      const queued = await start(client, { metadata: { a: "b" } });
      assert.deepEqual([queued.background, queued.status, queued.output], [true, "queued", []]);
      const response = await over(client, queued.id);
      assert.equal(response.status, "completed");
      assert.equal(response.output_text, ANSWER);
      assert.deepEqual([response.background, response.metadata], [true, { a: "b" }]);
      assert.ok(response.usage && response.usage.total_tokens > 0 && response.completed_at);
      const { data } = await client.responses.inputItems.list(queued.id);
      assert.equal(data.length, 1);
    },
  },
  {
    id: "responses.background.cancel",
    title:
      "Cancelling a response in the background stops its model and leaves it `cancelled`; again, it changes nothing.",
    reference: PAGES.responseCancel,
    operations: ["createResponse", "cancelResponse"],
    async run({ client, engines }) {
      const held = gate();
      engines.play({
        async *chat() {
          await held.opened;
          yield ANSWER;
        },
      });
      const asked = engines.nextCall();
      const { id } = await start(client);
      const { stopped } = await within("the asking of the model", asked);
      const cancelled = await client.responses.cancel(id);
      assert.equal(cancelled.status, "cancelled");
      await within("the stopping of the model", stopped);
      held.open();
      assert.equal((await client.responses.cancel(id)).status, "cancelled");
      const response = await client.responses.retrieve(id);
      assert.deepEqual([response.status, response.output], ["cancelled", []]);
    },
  },
  {
    id: "responses.background.cancel.over",
    title: "Cancelling a response in the background that is over gives it as it is.",
    reference: PAGES.responseCancel,
    operations: ["cancelResponse"],
    async run({ client }) {
      const { id } = await start(client);
      const response = await over(client, id);
      const { status, output } = await client.responses.cancel(id);
      assert.deepEqual({ status, output }, { status: response.status, output: response.output });
    },
  },
  {
    id: "responses.background.failure",
    title: "A response in the background that its model refuses is `failed`, and says why.",
    reference: PAGES.background,
    operations: ["createResponse", "getResponse"],
    async run({ client, engines }) {
      const message = "Not with this model.";
      engines.play({
        engineChat: () => Promise.reject(new ApiError({ status: 400, type: "invalid_request_error", message })),
      });
      const { id } = await start(client, { model: MODELS.engine });
      const { status, error, output } = await over(client, id);
      assert.deepEqual(
        { status, error, output },
        { status: "failed", error: { code: "invalid_prompt", message }, output: [] },
      );
    },
  },
  {
    id: "responses.background.unfinished",
    title: "A response that is not over cannot be followed on from, and can be deleted.",
    reference: PAGES.background,
    operations: ["createResponse", "deleteResponse"],
    async run({ client, http, engines }) {
      const held = gate();
      engines.play({
        async *chat() {
          await held.opened;
          yield ANSWER;
        },
      });
      const { id } = await start(client);
      const body = responseBody({ previous_response_id: id });
      assertError(await http.send({ path: RESPONSES, body }), { status: 400, param: "previous_response_id" });
      await client.responses.delete(id);
      held.open();
      assertError(await http.send({ path: `${RESPONSES}/${id}` }), { status: 404 });
    },
  },
  {
    id: "responses.background.limit",
    title: "A caller with as many unfinished responses in the background as may be gets a 429, until some are over.",
    reference: PAGES.rateLimits,
    operations: ["createResponse", "cancelResponse"],
    async run({ client, http, engines }) {
      const held = gate();
      engines.play({
        async *chat() {
          await held.opened;
          yield ANSWER;
        },
      });
      const ids: string[] = [];
      for (let i = 0; i < MAX_PENDING; i += 1) ids.push((await start(client)).id);
      const request = { path: RESPONSES, body: responseBody({ background: true }) };
      const expected = { status: 429, type: "requests", code: "rate_limit_exceeded", param: "background" };
      assertError(await http.send(request), expected);
      const [first, ...others] = ids;
      await client.responses.cancel(first as string);
      others.push((await start(client)).id);
      held.open();
      for (const id of others) await over(client, id);
    },
  },
  {
    id: "responses.background.refusals",
    title: "In the background, `store: false` and secrets of remote servers are 400s that name them.",
    reference: PAGES.background,
    operations: ["createResponse"],
    async run(context) {
      for (const [more, param] of [
        [{ store: false }, "store"],
        [{ tools: [{ ...MCP, authorization: "kit-secret" }] }, "tools[0].authorization"],
      ] as const) {
        const body = responseBody({ background: true, ...more });
        await refused(context, { path: RESPONSES, body }, { status: 400, param });
      }
    },
  },
  {
    id: "responses.background.refusals.model",
    title: "What a model cannot be asked is a 400 when a response in the background is created, as it is otherwise.",
    reference: PAGES.background,
    operations: ["createResponse"],
    async run(context) {
      const image = { type: "input_image", image_url: "a.png" };
      for (const [more, param, code] of [
        [{ top_logprobs: 2 }, "top_logprobs", "unsupported_parameter"],
        [{ model: MODELS.small, input: "x".repeat(64) }, "input", "context_length_exceeded"],
        [{ tools: [{ type: "web_search" }] }, "tools[0].type", "unsupported_value"],
        [{ tools: [{ type: "mcp", server_label: "kit" }] }, "tools[0].server_url", "missing_required_parameter"],
        [{ input: [{ role: "user", content: [image] }] }, "input[0].content[0].image_url", "invalid_value"],
      ] as const) {
        for (const background of [true, false]) {
          const body = responseBody({ ...more, background });
          await refused(context, { path: RESPONSES, body }, { status: 400, param, code });
        }
      }
    },
  },
];

function start(client: OpenAI, more: object = {}): Promise<OpenAI.Responses.Response> {
  return client.responses.create({ model: MODELS.chat, input: "Hi", background: true, ...more, stream: false });
}

/** The response when it is over. */
function over(client: OpenAI, id: string): Promise<OpenAI.Responses.Response> {
  let waiting = true;
  const poll = async () => {
    let response = await client.responses.retrieve(id);
    while (waiting && (response.status === "queued" || response.status === "in_progress")) {
      response = await client.responses.retrieve(id);
    }
    return response;
  };
  return within("the end of a response in the background", poll()).finally(() => {
    waiting = false;
  });
}
