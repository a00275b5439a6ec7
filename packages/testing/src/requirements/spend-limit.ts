import assert from "node:assert/strict";
import { CHAT, chatBody } from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import { all, newAccount, newProject, PROJECTS, refusedAdmin, spendLimit } from "../kit/organization.ts";
import { PAGES, type Requirement, type RequirementContext } from "../requirement.ts";

type Kind = "organization" | "project";

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

/** The limit of the organization, which has none, or of a project of the requirement's own. */
async function limitOf(kind: Kind, context: RequirementContext) {
  const { spendLimit: limit, projects } = context.client.admin.organization;
  if (kind === "organization") {
    await limit.delete();
    return {
      path: ORGANIZATION,
      update: limit.update.bind(limit),
      retrieve: () => limit.retrieve(),
      lift: () => limit.delete(),
    };
  }
  const { id } = await newProject(context);
  const of = projects.spendLimit;
  return {
    path: `${PROJECTS}/${id}/spend_limit`,
    update: (body: ReturnType<typeof spendLimit>) => of.update(id, body),
    retrieve: () => of.retrieve(id),
    lift: () => of.delete(id),
  };
}

const ofKind = (kind: Kind): readonly Requirement[] => [
  {
    id: `spend-limit.${kind}.get`,
    title: "The spend limit is read; where there is none, that is a 404.",
    reference,
    operations: [`Get${kind}spendlimit`],
    async run(context) {
      const limit = await limitOf(kind, context);
      await refusedAdmin(context, { path: limit.path }, { status: 404 });
      await limit.update(spendLimit(PLENTY));
      assert.deepEqual({ ...(await limit.retrieve()) }, shown(kind, PLENTY));
      await limit.lift();
    },
  },
  {
    id: `spend-limit.${kind}.update`,
    title: "A spend limit is set, and replaced by the next.",
    reference,
    operations: [`Update${kind}spendlimit`],
    async run(context) {
      const limit = await limitOf(kind, context);
      for (const amount of [PLENTY - 1, PLENTY]) {
        assert.deepEqual({ ...(await limit.update(spendLimit(amount))) }, shown(kind, amount));
        assert.equal((await limit.retrieve()).threshold_amount, amount);
      }
      await limit.lift();
    },
  },
  {
    id: `spend-limit.${kind}.delete`,
    title: "A spend limit is lifted; where there is none, nothing is.",
    reference,
    operations: [`Delete${kind}spendlimit`],
    async run(context) {
      const limit = await limitOf(kind, context);
      await limit.update(spendLimit(PLENTY));
      const deleted = { object: `${kind}.spend_limit.deleted`, deleted: true };
      assert.deepEqual({ ...(await limit.lift()) }, deleted);
      await refusedAdmin(context, { path: limit.path }, { status: 404 });
      assert.deepEqual({ ...(await limit.lift()) }, { ...deleted, deleted: false });
    },
  },
];

export const spendLimitRequirements: readonly Requirement[] = [
  ...ofKind("organization"),
  ...ofKind("project"),
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
