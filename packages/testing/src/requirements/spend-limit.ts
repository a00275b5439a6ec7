import assert from "node:assert/strict";
import { CHAT, chatBody } from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import { KEYS } from "../kit/models.ts";
import { all, newAccount, newProject, PROJECTS, refusedAdmin, spendLimit } from "../kit/organization.ts";
import { PAGES, type Requirement } from "../requirement.ts";

const reference = PAGES.administration;
const OF_ORGANIZATION = ["Getorganizationspendlimit", "Updateorganizationspendlimit", "Deleteorganizationspendlimit"];
const OF_PROJECT = ["Getprojectspendlimit", "Updateprojectspendlimit", "Deleteprojectspendlimit"];
const ORGANIZATION = "/organization/spend_limit";
/** More than requirements spend. */
const PLENTY = 900_000_000;

const shown = (object: string, threshold_amount: number) => ({
  object: `${object}.spend_limit`,
  ...spendLimit(threshold_amount),
  enforcement: { status: "enforcing" },
});

export const spendLimitRequirements: readonly Requirement[] = [
  {
    id: "spend-limit.organization",
    title: "An organization's spend limit is set, replaced, read and lifted; without one, reading it is a 404.",
    reference,
    operations: OF_ORGANIZATION,
    async run({ client, http }) {
      const { spendLimit: limits } = client.admin.organization;
      await limits.delete();
      assertError(await http.send({ path: ORGANIZATION, key: KEYS.admin }), { status: 404 });
      assert.deepEqual({ ...(await limits.update(spendLimit(PLENTY - 1))) }, shown("organization", PLENTY - 1));
      await limits.update(spendLimit(PLENTY));
      assert.deepEqual({ ...(await limits.retrieve()) }, shown("organization", PLENTY));
      const deleted = { object: "organization.spend_limit.deleted", deleted: true };
      assert.deepEqual({ ...(await limits.delete()) }, deleted);
      assert.deepEqual({ ...(await limits.delete()) }, { ...deleted, deleted: false });
    },
  },
  {
    id: "spend-limit.project",
    title: "A project's spend limit is its own: set, replaced, read and lifted apart from other projects'.",
    reference,
    operations: OF_PROJECT,
    async run(context) {
      const { spendLimit: limits } = context.client.admin.organization.projects;
      const [one, other] = [await newProject(context), await newProject(context)];
      assert.deepEqual({ ...(await limits.update(one.id, spendLimit(5))) }, shown("project", 5));
      await limits.update(one.id, spendLimit(7));
      assert.deepEqual({ ...(await limits.retrieve(one.id)) }, shown("project", 7));
      await refusedAdmin(context, { path: `${PROJECTS}/${other.id}/spend_limit` }, { status: 404 });
      const deleted = { object: "project.spend_limit.deleted", deleted: true };
      assert.deepEqual({ ...(await limits.delete(one.id)) }, deleted);
      await refusedAdmin(context, { path: `${PROJECTS}/${one.id}/spend_limit` }, { status: 404 });
    },
  },
  {
    id: "spend-limit.holds",
    title: "A call that a project's limit has no room for is a 429, and no engine is asked; others go on.",
    reference,
    operations: ["Updateprojectspendlimit", "Deleteprojectspendlimit"],
    async run(context) {
      const { client, http, engines } = context;
      const { spendLimit: limits } = client.admin.organization.projects;
      const [{ project, key }, other] = [await newAccount(context), await newAccount(context)];
      // Two dollars for a million tokens: at most 1.2 cents.
      const request = { path: CHAT, body: chatBody({ max_completion_tokens: 6_000 }) };
      await limits.update(project.id, spendLimit(1));
      const refused = await http.send({ ...request, key: key.value });
      assertError(refused, { status: 429, type: "insufficient_quota", code: "insufficient_quota" });
      assert.equal(refused.headers["x-should-retry"], "false");
      assert.equal(engines.calls.length, 0, "an engine was asked");
      assert.equal((await http.send({ ...request, key: other.key.value })).status, 200);
      await limits.update(project.id, spendLimit(2));
      assert.equal((await http.send({ ...request, key: key.value })).status, 200);
      await limits.update(project.id, spendLimit(1));
      await limits.delete(project.id);
      assert.equal((await http.send({ ...request, key: key.value })).status, 200);
    },
  },
  {
    id: "spend-limit.refused",
    title: "A limit that is incomplete or wrong is a 400 that names what is, and nothing changes.",
    reference,
    operations: [...OF_ORGANIZATION, ...OF_PROJECT],
    async run(context) {
      const { projects } = context.client.admin.organization;
      const { id } = await newProject(context);
      await projects.spendLimit.update(id, spendLimit(5));
      const path = `${PROJECTS}/${id}/spend_limit`;
      for (const [body, param, code] of [
        [{ currency: "USD", interval: "month" }, "threshold_amount", "missing_required_parameter"],
        [{ ...spendLimit(1), threshold_amount: 0 }, "threshold_amount", "integer_below_min_value"],
        [{ ...spendLimit(1), threshold_amount: 1.5 }, "threshold_amount", "invalid_type"],
        [{ ...spendLimit(1), threshold_amount: 1e15 }, "threshold_amount", "integer_above_max_value"],
        [{ threshold_amount: 1, interval: "month" }, "currency", "missing_required_parameter"],
        [{ ...spendLimit(1), currency: "EUR" }, "currency", "invalid_value"],
        [{ ...spendLimit(1), interval: "day" }, "interval", "invalid_value"],
        [{ ...spendLimit(1), note: "x" }, "note", "unknown_parameter"],
      ] as const) {
        for (const at of [path, ORGANIZATION]) {
          await refusedAdmin(context, { path: at, body }, { status: 400, param, code });
        }
      }
      assert.equal((await projects.spendLimit.retrieve(id)).threshold_amount, 5);
      await projects.archive(id);
      for (const request of [
        { path, body: spendLimit(6) },
        { path, method: "DELETE" },
      ]) {
        await refusedAdmin(context, request, { status: 400, code: "project_archived" });
      }
      assert.equal((await projects.spendLimit.retrieve(id)).threshold_amount, 5);
    },
  },
  {
    id: "spend-limit.audited",
    title: "Who has changed a limit, and to what, is in the audit log.",
    reference: PAGES.auditLogList,
    operations: ["Updateprojectspendlimit", "Deleteprojectspendlimit", "Updateorganizationspendlimit"],
    async run(context) {
      const { auditLogs, projects, spendLimit: limits } = context.client.admin.organization;
      const { id } = await newProject(context);
      await projects.spendLimit.update(id, spendLimit(5));
      await projects.spendLimit.delete(id);
      const logs = await all(auditLogs.list({ project_ids: [id] }));
      assert.deepEqual(
        logs.slice(0, 2).map((log) => [log.type, log["project.updated"]]),
        [
          ["project.updated", { id, changes_requested: { spend_limit: null } }],
          ["project.updated", { id, changes_requested: { spend_limit: shown("project", 5) } }],
        ],
      );
      await limits.update(spendLimit(PLENTY));
      const [last] = (await auditLogs.list({ event_types: ["organization.updated"], limit: 1 })).data;
      assert.deepEqual(last?.["organization.updated"]?.changes_requested, {
        spend_limit: shown("organization", PLENTY),
      });
      await limits.delete();
    },
  },
];
