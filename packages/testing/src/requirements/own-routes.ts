import assert from "node:assert/strict";
import { CHAT, chatBody } from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import { CALLER_HEADER, KEYS, ORGANIZATION, PROJECT } from "../kit/models.ts";
import { newAccount } from "../kit/organization.ts";
import { OWN_ROUTE, OWN_ROUTE_LIMIT } from "../kit/own-route.ts";
import { PAGES, type Requirement, type RequirementContext } from "../requirement.ts";

const needs = ["own-route"] as const;
const operations = ["listModels", "createChatCompletion"];

interface Sender {
  readonly key?: string | null;
  readonly headers?: Record<string, string>;
}

/** Sends a request to the cell's route. */
const visit = ({ ownRoute }: Pick<RequirementContext, "ownRoute">, sender: Sender = {}) =>
  (ownRoute ?? assert.fail("the cell has no route of its own")).send({ path: "", method: "POST", ...sender });

/** Routes of the host's own, behind the adapter's guard: Outlet's own. */
export const ownRoutesRequirements: readonly Requirement[] = [
  {
    id: "own-routes.callers",
    title:
      "A route of the host's own lets in whom the API lets in, knows who they are, and answers with the headers that tell of a caller.",
    reference: PAGES.authentication,
    operations,
    needs,
    async run(context) {
      const { key, project } = await newAccount(context);
      const senders: readonly (readonly [Sender, string | null, string | undefined])[] = [
        [{}, "holder", PROJECT],
        [{ key: key.value }, null, project.id],
        [{ key: null, headers: { [CALLER_HEADER]: "ana" } }, "ana", undefined],
      ];
      for (const [sender, caller, ofProject] of senders) {
        const { status, headers, text } = await visit(context, sender);
        assert.equal(status, 200, text);
        // A host may wrap what its routes give.
        if (caller) assert.ok(text.includes(`"caller":"${caller}"`), `${text} does not name ${caller}`);
        assert.ok(text.includes(`"request":"${headers["x-request-id"]}"`), `${text} has another request id`);
        assert.equal(headers["openai-project"], ofProject);
      }
      assert.equal((await visit(context)).headers["openai-organization"], ORGANIZATION);
    },
  },
  {
    id: "own-routes.strangers",
    title: "A route of the host's own answers everybody else as the API does: the same status, the same envelope.",
    reference: PAGES.authentication,
    operations,
    needs,
    async run(context) {
      const strangers: readonly Sender[] = [
        { key: null },
        { key: "sk-nobody-0123456789abcdef" },
        { key: KEYS.admin },
        { headers: { "openai-project": "proj_nobody" } },
      ];
      for (const sender of strangers) {
        const refused = await visit(context, sender);
        assertError(refused, { status: 401 });
        const byApi = await context.http.send({ path: "/models", ...sender });
        assert.deepEqual(refused.json(), byApi.json());
      }
    },
  },
  {
    id: "own-routes.limits",
    title:
      "A route of the host's own has limits of its own, told in `x-ratelimit` headers; what is too much is a 429 `requests`.",
    reference: PAGES.rateLimits,
    operations,
    needs,
    async run(context) {
      const { key } = await newAccount(context);
      for (let left = OWN_ROUTE_LIMIT - 1; left >= 0; left -= 1) {
        const { status, headers, text } = await visit(context, { key: key.value });
        assert.equal(status, 200, text);
        assert.equal(headers["x-ratelimit-limit-requests"], String(OWN_ROUTE_LIMIT));
        assert.equal(headers["x-ratelimit-remaining-requests"], String(left));
        assert.match(String(headers["x-ratelimit-reset-requests"]), /^(\d+m)?\d+(\.\d+)?s$/);
      }
      const refused = await visit(context, { key: key.value });
      assertError(refused, { status: 429, type: "requests", code: "rate_limit_exceeded" });
      assert.ok(Number(refused.headers["retry-after"]) >= 1, "there is no retry-after");
      assert.equal(refused.headers["x-ratelimit-remaining-requests"], "0");
      const asked = await context.http.send({ path: CHAT, body: chatBody(), key: key.value });
      assert.deepEqual([asked.status, asked.headers["x-ratelimit-limit-requests"]], [200, undefined]);
      const other = await newAccount(context);
      assert.equal((await visit(context, { key: other.key.value })).status, 200);
    },
  },
  {
    id: "own-routes.settle",
    title:
      "A request to a metered route of the host's own is settled once, under its name, with what the route says that it used.",
    reference: PAGES.usageCompletions,
    operations,
    needs,
    async run(context) {
      const { key, project } = await newAccount(context);
      const ids: string[] = [];
      for (let times = 0; times < OWN_ROUTE_LIMIT; times += 1) {
        const { headers } = await visit(context, { key: key.value });
        const id = headers["x-request-id"] ?? "";
        const { operationId, outcome, usage, cost, principal } = await context.settled.of(id);
        assert.deepEqual([operationId, outcome, principal?.project], [OWN_ROUTE, "completed", project.id]);
        assert.equal(usage?.output_tokens, 5);
        assert.ok(Number(cost) > 0, "it cost nothing");
        ids.push(id);
      }
      // A second record of the first would have come by now.
      for (const id of ids) assert.equal(context.settled.count(id), 1);
    },
  },
];
