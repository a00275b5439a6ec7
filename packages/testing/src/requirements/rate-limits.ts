import assert from "node:assert/strict";
import { CHAT, chatBody } from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import { MODELS } from "../kit/models.ts";
import { all, newAccount, newProject, PROJECTS, refusedAdmin } from "../kit/organization.ts";
import { PAGES, type Requirement, type RequirementContext } from "../requirement.ts";

/** What there is where nothing was set. */
const NO_LIMIT = 10_000_000_000;

export const rateLimitsRequirements: readonly Requirement[] = [
  {
    id: "rate-limits.list",
    title: "A project has a rate limit for each model, in pages that go both ways.",
    reference: PAGES.rateLimitList,
    operations: ["list-project-rate-limits"],
    async run(context) {
      const { rateLimits } = context.client.admin.organization.projects;
      const { id } = await newProject(context);
      const listed = await all(rateLimits.listRateLimits(id, { limit: 7 }));
      const of = (name: string) => listed.find(({ model }) => model === name);
      assert.deepEqual(
        { ...of(MODELS.chat) },
        {
          object: "project.rate_limit",
          id: of(MODELS.chat)?.id,
          model: MODELS.chat,
          max_requests_per_1_minute: NO_LIMIT,
          max_tokens_per_1_minute: NO_LIMIT,
        },
      );
      assert.ok(of(MODELS.slashed), "a model with slashes in its id has no rate limit");
      assert.equal(of(MODELS.stable), undefined, "an alias has a rate limit of its own");
      const [first, second, third] = (await rateLimits.listRateLimits(id, { limit: 3 })).data;
      const page = await rateLimits.listRateLimits(id, { before: third?.id ?? "", limit: 1 });
      assert.deepEqual([page.data[0]?.id, page.has_more], [second?.id, true]);
      assert.notEqual(first?.id, second?.id);
    },
  },
  {
    id: "rate-limits.requests",
    title:
      "A project that has made as many requests of a model as it may gets a 429 `requests` with `retry-after`, and no other project does.",
    reference: PAGES.rateLimits,
    operations: ["update-project-rate-limits", "createChatCompletion"],
    async run(context) {
      const { project, key } = await newAccount(context);
      const updated = await setLimit(context, project.id, {
        max_requests_per_1_minute: 2,
        max_requests_per_1_day: 100,
      });
      assert.equal(updated.max_requests_per_1_minute, 2);
      assert.equal(updated.max_requests_per_1_day, 100);
      const ask = () => context.http.send({ path: CHAT, body: chatBody(), key: key.value });
      const first = await ask();
      assert.equal(first.status, 200);
      assert.equal(first.headers["x-ratelimit-limit-requests"], "2");
      assert.equal(first.headers["x-ratelimit-remaining-requests"], "1");
      assert.match(String(first.headers["x-ratelimit-reset-requests"]), /^\d+(\.\d+)?s$/);
      assert.equal((await ask()).status, 200);
      const refused = await ask();
      assertError(refused, { status: 429, type: "requests", code: "rate_limit_exceeded" });
      assert.match(
        refused.text,
        /on requests per min \(RPM\): Limit 2, Used 2, Requested 1\. Please try again in [\d.]+m?s\./,
      );
      const after = Number(refused.headers["retry-after"]);
      const afterMs = Number(refused.headers["retry-after-ms"]);
      assert.ok(
        after >= 1 && after <= 30 && Math.ceil(afterMs / 1000) === after,
        `retry-after: ${after}, ${afterMs} ms`,
      );
      assert.equal(refused.headers["x-ratelimit-remaining-requests"], "0");
      const other = await newAccount(context);
      const allowed = await context.http.send({ path: CHAT, body: chatBody(), key: other.key.value });
      assert.equal(allowed.status, 200);
      assert.equal(allowed.headers["x-ratelimit-limit-requests"], undefined);
    },
  },
  {
    id: "rate-limits.tokens",
    title:
      "What a request may come to is held against the tokens of a minute, of streams too; one that can never fit is not repeated.",
    reference: PAGES.rateLimits,
    operations: ["update-project-rate-limits", "createChatCompletion"],
    async run(context) {
      const { project, key } = await newAccount(context);
      await setLimit(context, project.id, { max_tokens_per_1_minute: 1_000 });
      const ask = (more: Record<string, unknown>) =>
        context.http.send({ path: CHAT, body: chatBody(more), key: key.value });
      const streamed = await ask({ max_completion_tokens: 500, stream: true });
      assert.equal(streamed.status, 200);
      assert.equal(streamed.headers["x-ratelimit-limit-tokens"], "1000");
      const left = Number(streamed.headers["x-ratelimit-remaining-tokens"]);
      assert.ok(left > 400 && left < 500, `${left} tokens are left`);
      const huge = await ask({ max_completion_tokens: 1_000 });
      assertError(huge, { status: 429, type: "tokens", code: "rate_limit_exceeded" });
      assert.match(huge.text, /Request too large for .* on tokens per min \(TPM\): Limit 1000, Requested 10\d\d\./);
      assert.equal(huge.headers["x-should-retry"], "false");
      // What the stream did not use is there again.
      assert.equal((await ask({ max_completion_tokens: 900 })).status, 200);
    },
  },
  {
    id: "rate-limits.refused",
    title:
      "What is no limit, is not limited here, or is the limit of no model is refused by name, and nothing is changed.",
    reference: PAGES.rateLimitUpdate,
    operations: ["list-project-rate-limits", "update-project-rate-limits"],
    async run(context) {
      const { id } = await newProject(context);
      const { rateLimits } = context.client.admin.organization.projects;
      const limits = await all(rateLimits.listRateLimits(id));
      const path = `${PROJECTS}/${id}/rate_limits`;
      for (const [body, param, code] of [
        [{ max_requests_per_1_minute: -1 }, "max_requests_per_1_minute", "integer_below_min_value"],
        [{ max_requests_per_1_minute: 1.5 }, "max_requests_per_1_minute", "invalid_type"],
        [{ max_tokens_per_1_minute: "many" }, "max_tokens_per_1_minute", "invalid_type"],
        [{ max_images_per_1_minute: 1 }, "max_images_per_1_minute", "unsupported_parameter"],
        [{ colour: 1 }, "colour", "unknown_parameter"],
      ] as const) {
        await refusedAdmin(context, { path: `${path}/${limits[0]?.id}`, body }, { status: 400, param, code });
      }
      await refusedAdmin(context, { path: `${path}/rl-none`, body: {} }, { status: 404 });
      await refusedAdmin(context, { path: `${PROJECTS}/proj_none/rate_limits`, method: "GET" }, { status: 404 });
      await refusedAdmin(context, { path: `${path}?after=rl-none`, method: "GET" }, { status: 400, param: "after" });
      assert.deepEqual(await all(rateLimits.listRateLimits(id)), limits);
    },
  },
  {
    id: "rate-limits.audited",
    title: "A change of a rate limit is in the audit log.",
    reference: PAGES.auditLogList,
    operations: ["update-project-rate-limits"],
    async run(context) {
      const { id } = await newProject(context);
      const limit = await setLimit(context, id, { max_requests_per_1_minute: 7 });
      const { auditLogs } = context.client.admin.organization;
      const [log] = await all(auditLogs.list({ project_ids: [id], event_types: ["rate_limit.updated"] }));
      assert.deepEqual(log?.["rate_limit.updated"], {
        id: limit.id,
        changes_requested: { max_requests_per_1_minute: 7 },
      });
    },
  },
];

/** Limits what a project may ask of the function that chats. */
async function setLimit(
  context: RequirementContext,
  project: string,
  limits: { max_requests_per_1_minute?: number; max_tokens_per_1_minute?: number; max_requests_per_1_day?: number },
) {
  const { rateLimits } = context.client.admin.organization.projects;
  const listed = await all(rateLimits.listRateLimits(project));
  const id = listed.find(({ model }) => model === MODELS.chat)?.id ?? assert.fail("the model has no rate limit");
  return rateLimits.updateRateLimit(id, { project_id: project, ...limits });
}
