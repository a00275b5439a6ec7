import assert from "node:assert/strict";
import type OpenAI from "openai";
import { CALLER_HEADER, KEYS, OTHER_ADMIN } from "../kit/models.ts";
import { all, assertSeconds, newAccount, newProject, refusedAdmin } from "../kit/organization.ts";
import { PAGES, type Requirement } from "../requirement.ts";

const reference = PAGES.auditLogList;
const operations = ["list-audit-logs"];
const PATH = "/organization/audit_logs";

export const auditLogsRequirements: readonly Requirement[] = [
  {
    id: "audit-logs.events",
    title: "Every change made through the admin API is in the audit log: what, to what, in which project, by whom.",
    reference,
    operations,
    async run(context) {
      const { organization } = context.client.admin;
      const { project, account, key } = await newAccount(context);
      const at = { project_id: project.id };
      await organization.projects.serviceAccounts.update(account.id, { ...at, role: "owner" });
      await organization.projects.apiKeys.update(key.id, { ...at, expires_in_seconds: 99 });
      await organization.projects.apiKeys.delete(key.id, at);
      await organization.projects.serviceAccounts.delete(account.id, at);
      await organization.projects.update(project.id, { name: "Find" });
      await organization.projects.archive(project.id);
      const logs = await all(organization.auditLogs.list({ project_ids: [project.id], limit: 2 }));
      assert.deepEqual(
        logs.map((log) => [log.type, (log[log.type as "project.created"] as { id?: string } | undefined)?.id]),
        [
          ["project.archived", project.id],
          ["project.updated", project.id],
          ["service_account.deleted", account.id],
          ["api_key.deleted", key.id],
          ["api_key.updated", key.id],
          ["service_account.updated", account.id],
          ["api_key.created", key.id],
          ["service_account.created", account.id],
          ["project.created", project.id],
        ],
      );
      for (const { id, effective_at, project: where, actor } of logs) {
        assert.match(id, /^audit_log-\w+$/);
        assertSeconds(effective_at);
        assert.equal(where?.id, project.id);
        assert.ok(actor, "an event has no actor");
      }
      assert.ok(!JSON.stringify(logs).includes(key.value), "the audit log shows a secret");
    },
  },
  {
    id: "audit-logs.actor",
    title: "The actor is the key that was used.",
    reference,
    operations: ["list-audit-logs", "admin-api-keys-create", "create-project"],
    async run({ client, http }) {
      const { organization } = client.admin;
      const admin = await organization.adminAPIKeys.create({ name: "ops" });
      const project = await client
        .withOptions({ adminAPIKey: admin.value })
        .admin.organization.projects.create({ name: "By ops" });
      const { data } = await organization.auditLogs.list({ actor_ids: [admin.id, "key_none"] });
      assert.deepEqual(
        data.map((log) => [log.type, log["project.created"]?.id]),
        [["project.created", project.id]],
      );
      assert.deepEqual(data[0]?.actor, { type: "api_key", api_key: { id: admin.id, type: "user" } });
      const elsewhere = await http.send({ path: PATH, key: null, headers: { [CALLER_HEADER]: OTHER_ADMIN } });
      assert.ok(!elsewhere.text.includes(project.id), "another organization reads it");
    },
  },
  {
    id: "audit-logs.filters",
    title: "The log can be filtered by project, type, target and time, by several at once.",
    reference,
    operations,
    async run(context) {
      const { auditLogs } = context.client.admin.organization;
      const one = await newAccount(context);
      const two = await newAccount(context);
      const types = async (query: OpenAI.Admin.Organization.AuditLogListParams) =>
        (await all(auditLogs.list(query))).map((log) => log.type);
      const projects = [one.project.id, two.project.id];
      assert.deepEqual(await types({ project_ids: projects, event_types: ["project.created"] }), [
        "project.created",
        "project.created",
      ]);
      assert.deepEqual(
        await types({ project_ids: [one.project.id], event_types: ["api_key.created", "project.created"], limit: 1 }),
        ["api_key.created", "project.created"],
      );
      assert.deepEqual(await types({ resource_ids: [one.key.id] }), ["api_key.created"]);
      const now = one.project.created_at;
      const inTime = { project_ids: [one.project.id], effective_at: { gte: now, lt: now + 1000 } };
      assert.equal((await types(inTime)).length, 3);
      assert.deepEqual(await types({ ...inTime, effective_at: { gt: now + 1000 } }), []);
      assert.deepEqual(await types({ ...inTime, effective_at: { lt: now } }), []);
    },
  },
  {
    id: "audit-logs.refused",
    title: "A refused change leaves nothing in the log; filters that are wrong are 400s that name them.",
    reference,
    operations,
    async run(context) {
      const { auditLogs } = context.client.admin.organization;
      const { id } = await newProject(context);
      const newest = async () => (await auditLogs.list({ limit: 1 })).data[0]?.id;
      const before = await newest();
      await refusedAdmin(context, { path: `/organization/projects/${id}`, body: { name: "" } }, { status: 400 });
      assert.equal(await newest(), before);
      for (const [search, param] of [
        ["limit=0", "limit"],
        ["effective_at[gt]=soon", "effective_at.gt"],
        ["after=audit_log-none", "after"],
        ["actor_emails[]=a@b.test", "actor_emails"],
      ]) {
        await refusedAdmin(
          context,
          { path: `${PATH}?${search}`, key: KEYS.admin },
          { status: 400, param: param ?? "" },
        );
      }
    },
  },
];
