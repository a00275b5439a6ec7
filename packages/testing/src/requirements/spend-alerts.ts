import assert from "node:assert/strict";
import { all, newProject, PROJECTS, refusedAdmin, spendAlert } from "../kit/organization.ts";
import { PAGES, type Requirement } from "../requirement.ts";

const reference = PAGES.administration;
const operationsOf = (whose: string) => [
  `list-${whose}-spend-alerts`,
  ...["create", "retrieve", "update", "delete"].map((what) => `${what}-${whose}-spend-alert`),
];
const ORGANIZATION = "/organization/spend_alerts";
const MOST = 20;

const channel = { type: "email", recipients: ["a@example.com", "b@example.com"], subject_prefix: "Spend" } as const;
const CHANGED = { ...spendAlert(900), notification_channel: { ...channel, recipients: [...channel.recipients] } };

export const spendAlertsRequirements: readonly Requirement[] = [
  {
    id: "spend-alerts.organization",
    title: "An organization's spend alert is made, read, listed, replaced and deleted.",
    reference,
    operations: operationsOf("organization"),
    async run(context) {
      const { spendAlerts } = context.client.admin.organization;
      const { id, ...made } = await spendAlerts.create(spendAlert(500));
      assert.match(id, /^alert_\w+$/);
      assert.deepEqual(made, { object: "organization.spend_alert", ...spendAlert(500) });
      assert.deepEqual({ ...(await spendAlerts.retrieve(id)) }, { id, ...made });
      const changed = { id, object: "organization.spend_alert", ...CHANGED };
      assert.deepEqual({ ...(await spendAlerts.update(id, CHANGED)) }, changed);
      const listed = await all(spendAlerts.list());
      assert.deepEqual({ ...listed.find((alert) => alert.id === id) }, changed);
      const deleted = { id, object: "organization.spend_alert.deleted", deleted: true };
      assert.deepEqual({ ...(await spendAlerts.delete(id)) }, deleted);
      for (const method of ["GET", "DELETE"]) {
        await refusedAdmin(context, { path: `${ORGANIZATION}/${id}`, method }, { status: 404 });
      }
    },
  },
  {
    id: "spend-alerts.project",
    title: "A project's spend alert is made, read, listed, replaced and deleted, and is no other project's.",
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
