import assert from "node:assert/strict";
import { assertError } from "../kit/assert-error.ts";
import { all, newAccount, newProject, PROJECTS, refusedAdmin, withKey } from "../kit/organization.ts";
import { PAGES, type Requirement } from "../requirement.ts";

export const projectKeysRequirements: readonly Requirement[] = [
  {
    id: "project-keys.list",
    title: "A project's keys are listed in pages, newest first, redacted, with whoever holds them.",
    reference: PAGES.projectKeyList,
    operations: ["list-project-api-keys"],
    async run(context) {
      const { project, account, key } = await newAccount(context);
      const { serviceAccounts, apiKeys } = context.client.admin.organization.projects;
      const made = [key];
      for (const name of ["two", "three"]) {
        made.push(await serviceAccounts.apiKeys.create(account.id, { project_id: project.id, name }));
      }
      const keys = await all(apiKeys.list(project.id, { limit: 2, owner_project_access: "active" }));
      assert.deepEqual(
        keys.map(({ id }) => id),
        made.map(({ id }) => id).toReversed(),
      );
      for (const { value } of made) assert.ok(!JSON.stringify(keys).includes(value), "the list shows a secret");
      assert.deepEqual((await apiKeys.list(project.id, { owner_project_access: "inactive" })).data, []);
    },
  },
  {
    id: "project-keys.retrieve",
    title: "A key is retrieved without its secret, and says whose it is.",
    reference: PAGES.projectKeyRetrieve,
    operations: ["retrieve-project-api-key"],
    async run(context) {
      const { project, account, key } = await newAccount(context);
      const { apiKeys } = context.client.admin.organization.projects;
      const { redacted_value, ...rest } = await apiKeys.retrieve(key.id, { project_id: project.id });
      assert.ok(
        redacted_value.startsWith("sk-svcacct-") && redacted_value.endsWith(key.value.slice(-4)),
        redacted_value,
      );
      assert.ok(!redacted_value.includes(key.value.slice(11, -4)), "the secret is shown again");
      const { id, name, role, created_at } = account;
      assert.deepEqual(rest, {
        id: key.id,
        object: "organization.project.api_key",
        name: "Secret Key",
        created_at: key.created_at,
        expires_at: null,
        last_used_at: null,
        owner: { type: "service_account", service_account: { id, name, role, created_at } },
        owner_project_access: "active",
      });
    },
  },
  {
    id: "project-keys.update",
    title: "A key can be given a time to live; scopes, which the server does not have, are a 400.",
    reference: PAGES.projectKeyUpdate,
    operations: ["update-project-api-key"],
    async run(context) {
      const { project, key } = await newAccount(context);
      const { apiKeys } = context.client.admin.organization.projects;
      const updated = await apiKeys.update(key.id, { project_id: project.id, expires_in_seconds: 3600 });
      assert.ok(Math.abs((updated.expires_at ?? 0) - key.created_at - 3600) < 60, `expires at ${updated.expires_at}`);
      assert.deepEqual({ ...(await apiKeys.retrieve(key.id, { project_id: project.id })) }, { ...updated });
      await withKey(context, key.value).models.list();
      const path = `${PROJECTS}/${project.id}/api_keys/${key.id}`;
      for (const [body, param, code] of [
        [{ scopes: ["api.all.read"] }, "scopes", "unsupported_parameter"],
        [{ expires_in_seconds: 0 }, "expires_in_seconds", "integer_below_min_value"],
        [{ name: "new" }, "name", "unknown_parameter"],
      ] as const) {
        context.engines.reset();
        await refusedAdmin(context, { path, body }, { status: 400, param, code });
      }
    },
  },
  {
    id: "project-keys.delete",
    title: "A deleted key opens nothing from then on; the account's other keys go on working.",
    reference: PAGES.projectKeyDelete,
    operations: ["delete-project-api-key"],
    async run(context) {
      const { project, account, key } = await newAccount(context);
      const { serviceAccounts, apiKeys } = context.client.admin.organization.projects;
      const other = await serviceAccounts.apiKeys.create(account.id, { project_id: project.id });
      await withKey(context, key.value).models.list();
      const { id } = key;
      const deleted = await apiKeys.delete(id, { project_id: project.id });
      assert.deepEqual({ ...deleted }, { id, object: "organization.project.api_key.deleted", deleted: true });
      assertError(await context.http.send({ path: "/models", key: key.value }), {
        status: 401,
        code: "invalid_api_key",
      });
      await withKey(context, other.value).models.list();
    },
  },
  {
    id: "project-keys.unknown",
    title: "A key is a 404 where there is none, or in another project.",
    reference: PAGES.errors,
    operations: [
      "list-project-api-keys",
      "retrieve-project-api-key",
      "update-project-api-key",
      "delete-project-api-key",
    ],
    async run(context) {
      const { project, key } = await newAccount(context);
      const other = await newProject(context);
      for (const [at, id] of [
        [other.id, key.id],
        ["proj_none", key.id],
        [project.id, "key_none"],
      ]) {
        const path = `${PROJECTS}/${at}/api_keys/${id}`;
        for (const request of [{ path }, { path, body: { expires_in_seconds: 9 } }, { path, method: "DELETE" }]) {
          await refusedAdmin(context, request, { status: 404 });
        }
      }
      await refusedAdmin(context, { path: `${PROJECTS}/proj_none/api_keys` }, { status: 404 });
      await withKey(context, key.value).models.list();
    },
  },
];
