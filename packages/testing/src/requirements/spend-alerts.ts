import assert from "node:assert/strict";
import { all, newProject, PROJECTS, refusedAdmin, spendAlert } from "../kit/organization.ts";
import { PAGES, type Requirement, type RequirementContext } from "../requirement.ts";

type Kind = "organization" | "project";
type Asked = ReturnType<typeof spendAlert>;

const reference = PAGES.administration;
const operationsOf = (whose: string) => [
  `list-${whose}-spend-alerts`,
  ...["create", "retrieve", "update", "delete"].map((what) => `${what}-${whose}-spend-alert`),
];
const ORGANIZATION = "/organization/spend_alerts";
const MOST = 20;

const channel = { type: "email", recipients: ["a@example.com", "b@example.com"], subject_prefix: "Spend" } as const;
const CHANGED = { ...spendAlert(900), notification_channel: { ...channel, recipients: [...channel.recipients] } };

/** The alerts of the organization, or of a project of the requirement's own. */
async function alertsOf(kind: Kind, context: RequirementContext) {
  const { spendAlerts, projects } = context.client.admin.organization;
  if (kind === "organization") {
    return {
      path: ORGANIZATION,
      create: (body: Asked) => spendAlerts.create(body),
      list: () => all<{ id: string }>(spendAlerts.list()),
      retrieve: (id: string) => spendAlerts.retrieve(id),
      update: (id: string, body: Asked) => spendAlerts.update(id, body),
      remove: (id: string) => spendAlerts.delete(id),
    };
  }
  const { id: project_id } = await newProject(context);
  const of = projects.spendAlerts;
  return {
    path: `${PROJECTS}/${project_id}/spend_alerts`,
    create: (body: Asked) => of.create(project_id, body),
    list: () => all<{ id: string }>(of.list(project_id)),
    retrieve: (id: string) => of.retrieve(id, { project_id }),
    update: (id: string, body: Asked) => of.update(id, { project_id, ...body }),
    remove: (id: string) => of.delete(id, { project_id }),
  };
}

const ofKind = (kind: Kind): readonly Requirement[] => [
  {
    id: `spend-alerts.${kind}.create`,
    title: "A spend alert is made, as it was asked for.",
    reference,
    operations: [`create-${kind}-spend-alert`],
    async run(context) {
      const alerts = await alertsOf(kind, context);
      const { id, ...made } = await alerts.create(spendAlert(500));
      assert.match(id, /^alert_\w+$/);
      assert.deepEqual(made, { object: `${kind}.spend_alert`, ...spendAlert(500) });
      await alerts.remove(id);
    },
  },
  {
    id: `spend-alerts.${kind}.list`,
    title: "Spend alerts are listed, the oldest first.",
    reference,
    operations: [`list-${kind}-spend-alerts`],
    async run(context) {
      const alerts = await alertsOf(kind, context);
      const made = [await alerts.create(spendAlert(2)), await alerts.create(spendAlert(1))];
      assert.deepEqual(
        (await alerts.list()).slice(-2).map((alert) => ({ ...alert })),
        made.map((alert) => ({ ...alert })),
      );
      for (const { id } of made) await alerts.remove(id);
    },
  },
  {
    id: `spend-alerts.${kind}.retrieve`,
    title: "A spend alert is read by its id; an unknown one is a 404.",
    reference,
    operations: [`retrieve-${kind}-spend-alert`],
    async run(context) {
      const alerts = await alertsOf(kind, context);
      const made = await alerts.create(spendAlert(0));
      assert.deepEqual({ ...(await alerts.retrieve(made.id)) }, { ...made });
      await refusedAdmin(context, { path: `${alerts.path}/alert_none` }, { status: 404, message: /alert_none/ });
      await alerts.remove(made.id);
    },
  },
  {
    id: `spend-alerts.${kind}.update`,
    title: "What a spend alert says is replaced, and its id stays.",
    reference,
    operations: [`update-${kind}-spend-alert`],
    async run(context) {
      const alerts = await alertsOf(kind, context);
      const { id } = await alerts.create(spendAlert(500));
      const changed = { id, object: `${kind}.spend_alert`, ...CHANGED };
      assert.deepEqual({ ...(await alerts.update(id, CHANGED)) }, changed);
      assert.deepEqual({ ...(await alerts.retrieve(id)) }, changed);
      await alerts.remove(id);
    },
  },
  {
    id: `spend-alerts.${kind}.delete`,
    title: "A deleted spend alert is gone.",
    reference,
    operations: [`delete-${kind}-spend-alert`],
    async run(context) {
      const alerts = await alertsOf(kind, context);
      const { id } = await alerts.create(spendAlert(500));
      const deleted = { id, object: `${kind}.spend_alert.deleted`, deleted: true };
      assert.deepEqual({ ...(await alerts.remove(id)) }, deleted);
      for (const method of ["GET", "DELETE"]) {
        await refusedAdmin(context, { path: `${alerts.path}/${id}`, method }, { status: 404 });
      }
    },
  },
];

export const spendAlertsRequirements: readonly Requirement[] = [
  ...ofKind("organization"),
  ...ofKind("project"),
  {
    id: "spend-alerts.own",
    title: "A project's spend alert is no other project's, nor the organization's.",
    reference,
    operations: operationsOf("project"),
    async run(context) {
      const { spendAlerts } = context.client.admin.organization.projects;
      const [project, other] = [await newProject(context), await newProject(context)];
      const at = { project_id: project.id };
      const { id, ...made } = await spendAlerts.create(project.id, spendAlert(0));
      assert.deepEqual(made, { object: "project.spend_alert", ...spendAlert(0) });
      assert.deepEqual({ ...(await spendAlerts.retrieve(id, at)) }, { id, ...made });
      const changed = { id, object: "project.spend_alert", ...CHANGED };
      assert.deepEqual({ ...(await spendAlerts.update(id, { ...at, ...CHANGED })) }, changed);
      assert.deepEqual(
        (await all(spendAlerts.list(project.id))).map((alert) => ({ ...alert })),
        [changed],
      );
      assert.deepEqual(await all(spendAlerts.list(other.id)), []);
      for (const path of [`${PROJECTS}/${other.id}/spend_alerts/${id}`, `${ORGANIZATION}/${id}`]) {
        await refusedAdmin(context, { path }, { status: 404 });
        await refusedAdmin(context, { path, method: "DELETE" }, { status: 404 });
        await refusedAdmin(context, { path, body: spendAlert(1) }, { status: 404 });
      }
      const deleted = { id, object: "project.spend_alert.deleted", deleted: true };
      assert.deepEqual({ ...(await spendAlerts.delete(id, at)) }, deleted);
      assert.deepEqual(await all(spendAlerts.list(project.id)), []);
    },
  },
  {
    id: "spend-alerts.pages",
    title: "Alerts are listed in pages, oldest first or newest first, onwards and backwards.",
    reference,
    operations: ["list-project-spend-alerts"],
    async run(context) {
      const { spendAlerts } = context.client.admin.organization.projects;
      const { id: project } = await newProject(context);
      const made: string[] = [];
      for (let i = 0; i < 5; i += 1) made.push((await spendAlerts.create(project, spendAlert(i))).id);
      const [first, second, third, fourth, fifth] = made;
      const page = async (query: { limit?: number; order?: "asc" | "desc"; after?: string; before?: string }) => {
        const { data, has_more } = await spendAlerts.list(project, query);
        return [data.map(({ id }) => id), has_more];
      };
      assert.deepEqual(
        (await all(spendAlerts.list(project, { limit: 2 }))).map(({ id }) => id),
        made,
      );
      assert.deepEqual(await page({ limit: 2, order: "desc" }), [[fifth, fourth], true]);
      assert.deepEqual(await page({ limit: 2, before: fourth as string }), [[second, third], true]);
      assert.deepEqual(await page({ before: third as string }), [[first, second], false]);
      assert.deepEqual(await page({ after: first as string, before: fourth as string }), [[second, third], false]);
      for (const param of ["after", "before"]) {
        const path = `${PROJECTS}/${project}/spend_alerts?${param}=alert_none`;
        await refusedAdmin(context, { path }, { status: 400, param });
      }
    },
  },
  {
    id: "spend-alerts.refused",
    title: "An alert that is incomplete or wrong is a 400 that names what is, and none is made.",
    reference,
    operations: [...operationsOf("organization"), ...operationsOf("project")],
    async run(context) {
      const { projects, spendAlerts } = context.client.admin.organization;
      const { id } = await newProject(context);
      const path = `${PROJECTS}/${id}/spend_alerts`;
      const before = (await all(spendAlerts.list())).length;
      const told = (more: object) => ({ ...spendAlert(1), notification_channel: { ...channel, ...more } });
      for (const [body, param, code] of [
        [{ ...spendAlert(1), threshold_amount: -1 }, "threshold_amount", "integer_below_min_value"],
        [{ ...spendAlert(1), threshold_amount: "1" }, "threshold_amount", "invalid_type"],
        [{ ...spendAlert(1), currency: "usd" }, "currency", "invalid_value"],
        [{ ...spendAlert(1), interval: "year" }, "interval", "invalid_value"],
        [
          { threshold_amount: 1, currency: "USD", interval: "month" },
          "notification_channel",
          "missing_required_parameter",
        ],
        [told({ type: "sms" }), "notification_channel.type", "invalid_value"],
        [told({ recipients: [] }), "notification_channel.recipients", "empty_array"],
        [told({ recipients: ["nobody"] }), "notification_channel.recipients[0]", "invalid_value"],
        [told({ subject_prefix: 1 }), "notification_channel.subject_prefix", "invalid_type"],
        [told({ webhook: "x" }), "notification_channel.webhook", "unknown_parameter"],
        [{ ...spendAlert(1), note: "x" }, "note", "unknown_parameter"],
      ] as const) {
        for (const at of [path, ORGANIZATION]) {
          await refusedAdmin(context, { path: at, body }, { status: 400, param, code });
        }
      }
      assert.deepEqual(await all(projects.spendAlerts.list(id)), [], "a refused alert was made");
      assert.equal((await all(spendAlerts.list())).length, before, "a refused alert was made");
      await projects.archive(id);
      await refusedAdmin(context, { path, body: spendAlert(1) }, { status: 400, code: "project_archived" });
      assert.deepEqual(await all(projects.spendAlerts.list(id)), []);
    },
  },
  {
    id: "spend-alerts.most",
    title: "A project has 20 alerts at most; one more is a 400, and there is room again when one is deleted.",
    reference,
    operations: ["create-project-spend-alert", "delete-project-spend-alert"],
    async run(context) {
      const { spendAlerts } = context.client.admin.organization.projects;
      const { id } = await newProject(context);
      for (let i = 0; i < MOST; i += 1) await spendAlerts.create(id, spendAlert(i));
      const path = `${PROJECTS}/${id}/spend_alerts`;
      await refusedAdmin(context, { path, body: spendAlert(1) }, { status: 400, message: /20/ });
      const alerts = await all(spendAlerts.list(id));
      assert.equal(alerts.length, MOST);
      await spendAlerts.delete(alerts[0]?.id ?? "", { project_id: id });
      await spendAlerts.create(id, spendAlert(1));
    },
  },
  {
    id: "spend-alerts.audited",
    title: "Who has made, changed or deleted an alert is in the audit log.",
    reference: PAGES.auditLogList,
    operations: ["create-project-spend-alert", "update-project-spend-alert", "delete-project-spend-alert"],
    async run(context) {
      const { auditLogs, projects } = context.client.admin.organization;
      const { id: project_id } = await newProject(context);
      const { id } = await projects.spendAlerts.create(project_id, spendAlert(1));
      await projects.spendAlerts.update(id, { project_id, ...spendAlert(2) });
      await projects.spendAlerts.delete(id, { project_id });
      const logs = await all(auditLogs.list({ project_ids: [project_id] }));
      const alert = { id, object: "project.spend_alert" };
      assert.deepEqual(
        logs.slice(0, 3).map((log) => log["project.updated"]?.changes_requested),
        [
          { spend_alert: { id, deleted: true } },
          { spend_alert: { ...alert, ...spendAlert(2) } },
          { spend_alert: { ...alert, ...spendAlert(1) } },
        ],
      );
    },
  },
];
