import assert from "node:assert/strict";
import { CHAT, chatBody } from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import { KEYS } from "../kit/models.ts";
import { all, assertSeconds, newAccount, newProject, PROJECTS, refusedAdmin, withKey } from "../kit/organization.ts";
import { THROTTLED_TO } from "../kit/strict.ts";
import { PAGES, type Requirement, type RequirementContext } from "../requirement.ts";

const operations = ["retrieve-project-api-key-strikes", "delete-project-api-key-strikes"];

const BAD = "something bad";

/** A key, and where its strikes are. */
async function newStrikes(context: RequirementContext) {
  const { project, key } = await newAccount(context);
  return { project, key, path: `${PROJECTS}/${project.id}/api_keys/${key.id}/strikes` };
}

/** A key whose calls are flagged when they say what is bad. */
async function newJudged(context: RequirementContext) {
  const { http, engines } = context;
  const { project, key, path } = await newStrikes(context);
  engines.play({
    scores: ({ input }) => input.map((parts) => ({ violence: JSON.stringify(parts).includes(BAD) ? 1 : 0 })),
  });
  const say = (content: string) =>
    http.send({ path: CHAT, body: chatBody({ messages: [{ role: "user", content }] }), key: key.value });
  const standing = async () => {
    const reply = await http.send({ path, key: KEYS.admin });
    return reply.json() as { standing: string; strikes: number; throttled_until: number; suspended_at: number };
  };
  const lift = () => http.send({ path, method: "DELETE", key: KEYS.admin });
  /** Is refused what it says, and told how it stands from now on. */
  const strike = async (expected: string) => {
    const reply = await say(BAD);
    assertError(reply, { status: 400, code: "moderation_blocked" });
    assert.equal(reply.headers["outlet-standing"], expected);
  };
  return { project, key, path, say, strike, standing, lift };
}

/** Outlet's own operations: the reference has no such. */
export const keyStrikesRequirements: readonly Requirement[] = [
  {
    id: "key-strikes.retrieve",
    title: "What a key was flagged for is told, and what follows from it. An extension of the API.",
    reference: PAGES.safetyGuide,
    operations: ["retrieve-project-api-key-strikes"],
    async run(context) {
      const { path, key } = await newStrikes(context);
      const reply = await context.http.send({ path, key: KEYS.admin });
      assert.deepEqual(reply.json(), {
        object: "organization.project.api_key.strikes",
        api_key_id: key.id,
        standing: "good",
        strikes: 0,
        next_forgotten_at: null,
        throttled_until: null,
        suspended_at: null,
      });
    },
  },
  {
    id: "key-strikes.delete",
    title:
      "An admin makes the outlet forget what a key was flagged for; the key goes on working. An extension of the API.",
    reference: PAGES.safetyGuide,
    operations: ["delete-project-api-key-strikes"],
    async run(context) {
      const { path, key } = await newStrikes(context);
      for (let times = 0; times < 2; times += 1) {
        const reply = await context.http.send({ path, method: "DELETE", key: KEYS.admin });
        const object = "organization.project.api_key.strikes.deleted";
        assert.deepEqual(reply.json(), { id: key.id, object, deleted: true });
      }
      await withKey(context, key.value).models.list();
    },
  },
  {
    id: "key-strikes.unknown",
    title: "Strikes of a key are a 404 where there is no such key, or it is in another project.",
    reference: PAGES.errors,
    operations,
    async run(context) {
      const { project, key } = await newAccount(context);
      const other = await newProject(context);
      for (const [at, id] of [
        [other.id, key.id],
        ["proj_none", key.id],
        [project.id, "key_none"],
      ]) {
        const path = `${PROJECTS}/${at}/api_keys/${id}/strikes`;
        for (const method of ["GET", "DELETE"]) await refusedAdmin(context, { path, method }, { status: 404 });
      }
    },
  },
  {
    id: "key-strikes.throttled",
    title:
      "A key whose calls are flagged is warned, then throttled: its replies tell, and what it asks beyond is a 429. An extension of the API.",
    reference: PAGES.safetyGuide,
    operations: ["createChatCompletion", "retrieve-project-api-key-strikes"],
    setting: "strict",
    async run(context) {
      const { key, say, strike, standing } = await newJudged(context);
      const other = await newAccount(context);
      const good = await say("hello");
      assert.deepEqual([good.status, good.headers["outlet-standing"]], [200, undefined]);
      await strike("warned");
      assert.equal((await standing()).standing, "warned");
      await strike("throttled");
      const told = await standing();
      assert.deepEqual([told.standing, told.strikes], ["throttled", 2]);
      assertSeconds(told.throttled_until);
      for (let left = THROTTLED_TO - 1; left >= 0; left -= 1) {
        const { status, headers } = await say("hello");
        const { "outlet-standing": is, "x-ratelimit-limit-requests": limit } = headers;
        assert.deepEqual([status, is, limit], [200, "throttled", String(THROTTLED_TO)]);
        assert.equal(headers["x-ratelimit-remaining-requests"], String(left));
      }
      const refused = await say("hello");
      assertError(refused, { status: 429, type: "requests", code: "rate_limit_exceeded" });
      assert.ok(Number(refused.headers["retry-after"]) >= 1, "there is no retry-after");
      assert.equal(refused.headers["outlet-standing"], "throttled");
      const others = await context.http.send({ path: CHAT, body: chatBody(), key: other.key.value });
      assert.deepEqual([others.status, others.headers["outlet-standing"]], [200, undefined]);
      await withKey(context, key.value).models.list();
    },
  },
  {
    id: "key-strikes.suspended",
    title:
      "A key that has been flagged too often opens nothing more, a 401 `account_deactivated`, until an admin lifts it. An extension of the API.",
    reference: PAGES.safetyGuide,
    operations: ["createChatCompletion", "listModels", ...operations],
    setting: "strict",
    async run(context) {
      const { key, say, strike, standing, lift } = await newJudged(context);
      for (const next of ["warned", "throttled", "suspended"]) await strike(next);
      const deactivated = { status: 401, code: "account_deactivated" };
      const { length: asked } = context.engines.calls;
      assertError(await say("hello"), deactivated);
      assertError(await context.http.send({ path: "/models", key: key.value }), deactivated);
      assert.equal(context.engines.calls.length, asked, "a suspended key has reached an engine");
      const told = await standing();
      assert.deepEqual([told.standing, told.strikes], ["suspended", 3]);
      assertSeconds(told.suspended_at);
      assert.equal((await lift()).status, 200);
      assert.deepEqual([(await standing()).standing, (await standing()).strikes], ["good", 0]);
      assert.equal((await say("hello")).status, 200);
      await strike("warned");
    },
  },
  {
    id: "key-strikes.audited",
    title: "What has become of a key's strikes is in the audit log, and who saw to it: the policy, or an admin.",
    reference: PAGES.auditLogList,
    operations: ["createChatCompletion", "delete-project-api-key-strikes", "list-audit-logs"],
    setting: "strict",
    async run(context) {
      const { project, key, strike, lift } = await newJudged(context);
      for (const next of ["warned", "throttled", "suspended"]) await strike(next);
      await lift();
      const { auditLogs } = context.client.admin.organization;
      const logs = await all(auditLogs.list({ resource_ids: [key.id], event_types: ["api_key.updated"] }));
      const said = logs.map((log) => {
        const { id, standing } = log["api_key.updated"] as { id?: string; standing?: string };
        assert.deepEqual([id, log.project?.id], [key.id, project.id]);
        return [standing, log.actor?.session?.user?.id === "policy"];
      });
      assert.deepEqual(said, [
        ["good", false],
        ["suspended", true],
        ["throttled", true],
        ["warned", true],
      ]);
    },
  },
];
