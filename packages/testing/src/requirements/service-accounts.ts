import assert from "node:assert/strict";
import { CHAT, chatBody } from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import { all, assertSeconds, newAccount, newProject, PROJECTS, refusedAdmin, withKey } from "../kit/organization.ts";
import { PAGES, type Requirement } from "../requirement.ts";

export const serviceAccountsRequirements: readonly Requirement[] = [
  {
    id: "service-accounts.create",
    title: "A new service account comes with a key that opens the outlet for its project; the reply alone shows it.",
    reference: PAGES.serviceAccountCreate,
    operations: ["create-project-service-account"],
    async run(context) {
      const { project, account, key } = await newAccount(context);
      const { id, created_at, api_key: _, ...rest } = account;
      assertSeconds(created_at);
      assert.deepEqual(rest, { object: "organization.project.service_account", name: "indexer", role: "member" });
      const { value, ...shown } = key;
      assert.match(value, /^sk-svcacct-[\w-]{40,}$/);
      assert.deepEqual(shown, {
        id: key.id,
        object: "organization.project.service_account.api_key",
        name: "Secret Key",
        created_at,
        expires_at: null,
      });
      const reply = await context.http.send({ path: CHAT, body: chatBody(), key: value });
      assert.equal(reply.status, 200, reply.text);
      assert.equal(reply.headers["openai-project"], project.id);
      const { principal } = await context.settled.of(reply.headers["x-request-id"]);
      assert.ok(principal, "the call has no principal");
      assert.deepEqual([principal.project, principal.apiKey, principal.serviceAccount], [project.id, key.id, id]);
    },
  },
  {
    id: "service-accounts.create.only",
    title: "A service account may be created without a key and without a role.",
    reference: PAGES.serviceAccountCreate,
    operations: ["create-project-service-account"],
    async run(context) {
      const { serviceAccounts, apiKeys } = context.client.admin.organization.projects;
      const { id } = await newProject(context);
      const account = await serviceAccounts.create(id, { name: "later", create_service_account_only: true });
      assert.deepEqual([account.api_key, account.role], [null, "none"]);
      assert.deepEqual((await apiKeys.list(id)).data, []);
    },
  },
  {
    id: "service-accounts.refused",
    title:
      "What is missing, wrong or unknown in a service account or its keys is a 400 that names it, and nothing is made.",
    reference: PAGES.serviceAccountCreate,
    operations: [
      "create-project-service-account",
      "update-project-service-account",
      "CreateanAPIkeyforaserviceaccount",
    ],
    async run(context) {
      const { project, account } = await newAccount(context);
      const path = `${PROJECTS}/${project.id}/service_accounts`;
      for (const [at, body, param, code] of [
        ["", {}, "name", "missing_required_parameter"],
        ["", { name: "a", expires_in_seconds: -1 }, "expires_in_seconds", "integer_below_min_value"],
        ["", { name: "a", create_service_account_only: "yes" }, "create_service_account_only", "invalid_type"],
        [
          "",
          { name: "a", create_service_account_only: true, expires_in_seconds: 9 },
          "expires_in_seconds",
          "invalid_value",
        ],
        ["", { name: "a", role: "owner" }, "role", "unknown_parameter"],
        [`/${account.id}`, { role: "reader" }, "role", "invalid_value"],
        [`/${account.id}`, { name: "" }, "name", "string_below_min_length"],
        [`/${account.id}/api_keys`, { scopes: ["api.files.read"] }, "scopes", "unsupported_parameter"],
        [`/${account.id}/api_keys`, { expires_in_seconds: 1.5 }, "expires_in_seconds", "invalid_type"],
      ] as const) {
        await refusedAdmin(context, { path: path + at, body }, { status: 400, param, code });
      }
      const { serviceAccounts, apiKeys } = context.client.admin.organization.projects;
      assert.equal((await serviceAccounts.list(project.id)).data.length, 1);
      assert.equal((await apiKeys.list(project.id)).data.length, 1);
    },
  },
  {
    id: "service-accounts.list",
    title: "A project's service accounts are listed in pages, newest first, and no other project's.",
    reference: PAGES.serviceAccountList,
    operations: ["list-project-service-accounts"],
    async run(context) {
      await newAccount(context);
      const { serviceAccounts } = context.client.admin.organization.projects;
      const { id } = await newProject(context);
      const made: string[] = [];
      for (const name of ["one", "two", "three"]) made.push((await serviceAccounts.create(id, { name })).id);
      const accounts = await all(serviceAccounts.list(id, { limit: 2 }));
      assert.deepEqual(
        accounts.map((account) => account.id),
        made.toReversed(),
      );
      assert.ok(!JSON.stringify(accounts).includes("sk-"), "the list shows a secret");
    },
  },
  {
    id: "service-accounts.retrieve",
    title: "A service account is retrieved as it was created, without its key.",
    reference: PAGES.serviceAccountRetrieve,
    operations: ["retrieve-project-service-account"],
    async run(context) {
      const { project, account } = await newAccount(context);
      const { api_key: _, ...rest } = account;
      const { serviceAccounts } = context.client.admin.organization.projects;
      assert.deepEqual({ ...(await serviceAccounts.retrieve(account.id, { project_id: project.id })) }, rest);
    },
  },
  {
    id: "service-accounts.update",
    title: "A service account's name and role can be changed; its key goes on working.",
    reference: PAGES.serviceAccountUpdate,
    operations: ["update-project-service-account"],
    async run(context) {
      const { project, account, key } = await newAccount(context);
      const { serviceAccounts } = context.client.admin.organization.projects;
      const change = { project_id: project.id, name: "crawler", role: "owner" } as const;
      const updated = await serviceAccounts.update(account.id, change);
      assert.deepEqual([updated.name, updated.role], ["crawler", "owner"]);
      assert.deepEqual({ ...(await serviceAccounts.retrieve(account.id, { project_id: project.id })) }, { ...updated });
      await withKey(context, key.value).models.list();
    },
  },
  {
    id: "service-accounts.delete",
    title: "A deleted service account takes all of its keys with it, at once.",
    reference: PAGES.serviceAccountDelete,
    operations: ["delete-project-service-account"],
    async run(context) {
      const { project, account, key } = await newAccount(context);
      const { serviceAccounts, apiKeys } = context.client.admin.organization.projects;
      const second = await serviceAccounts.apiKeys.create(account.id, { project_id: project.id });
      for (const { value } of [key, second]) await withKey(context, value).models.list();
      const deleted = await serviceAccounts.delete(account.id, { project_id: project.id });
      const { id } = account;
      assert.deepEqual({ ...deleted }, { id, object: "organization.project.service_account.deleted", deleted: true });
      for (const { value } of [key, second]) {
        assertError(await context.http.send({ path: "/models", key: value }), { status: 401, code: "invalid_api_key" });
      }
      assert.deepEqual((await apiKeys.list(project.id)).data, []);
    },
  },
  {
    id: "service-accounts.create-key",
    title: "A service account can be given further keys, with a name and a time to live.",
    reference: PAGES.serviceAccountCreateKey,
    operations: ["CreateanAPIkeyforaserviceaccount"],
    async run(context) {
      const { project, account } = await newAccount(context);
      const { serviceAccounts } = context.client.admin.organization.projects;
      const { id, value, created_at, ...rest } = await serviceAccounts.apiKeys.create(account.id, {
        project_id: project.id,
        name: "nightly",
        expires_in_seconds: 60,
      });
      assert.match(id, /^key_\w+$/);
      assert.deepEqual(rest, {
        object: "organization.project.service_account.api_key",
        name: "nightly",
        expires_at: created_at + 60,
      });
      await withKey(context, value).models.list();
    },
  },
  {
    id: "service-accounts.unknown",
    title: "A service account is a 404 where there is none, or in another project.",
    reference: PAGES.errors,
    operations: [
      "list-project-service-accounts",
      "create-project-service-account",
      "retrieve-project-service-account",
      "update-project-service-account",
      "delete-project-service-account",
      "CreateanAPIkeyforaserviceaccount",
    ],
    async run(context) {
      const { account, project } = await newAccount(context);
      const other = await newProject(context);
      for (const [at, id] of [
        [other.id, account.id],
        ["proj_none", account.id],
        [project.id, "svc_acct_none"],
      ]) {
        const path = `${PROJECTS}/${at}/service_accounts/${id}`;
        for (const request of [
          { path },
          { path, body: { name: "a" } },
          { path, method: "DELETE" },
          { path: `${path}/api_keys`, body: {} },
        ]) {
          await refusedAdmin(context, request, { status: 404 });
        }
      }
      const path = `${PROJECTS}/proj_none/service_accounts`;
      for (const request of [{ path }, { path, body: { name: "a" } }]) {
        await refusedAdmin(context, request, { status: 404 });
      }
    },
  },
];
