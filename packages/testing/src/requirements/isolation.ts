import assert from "node:assert/strict";
import { type Operation, operations } from "@outlet/core";
import { CHAT, chatBody, ok } from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import type { RawRequest } from "../kit/http-client.ts";
import { CALLER_HEADER, KEYS, OTHER_ADMIN } from "../kit/models.ts";
import { newAccount, newUser, spendAlert, spendLimit } from "../kit/organization.ts";
import { PAGES, type Requirement, type RequirementContext } from "../requirement.ts";

type Ids = Readonly<Record<string, string>>;

/** What a request must say to be looked at, for the operations that want something. */
const BODIES: Readonly<Record<string, object>> = {
  updateConversation: { metadata: {} },
  createConversationItems: { items: [{ role: "user", content: "x" }] },
  updateChatCompletion: { metadata: {} },
  "create-project-service-account": { name: "a" },
  "create-project-user": { role: "member", email: "nobody@example.com" },
  "update-project-model-permissions": { mode: "deny_list", model_ids: [] },
  "update-project-data-retention": { retention_type: "none" },
  Updateprojectspendlimit: spendLimit(1),
  "create-project-spend-alert": spendAlert(1),
  "update-project-spend-alert": spendAlert(1),
  "update-organization-spend-alert": spendAlert(1),
};

/** The operations on what somebody has made, by its id. Models are the host's, and everybody's. */
const onSomething = (auth: Operation["auth"]) =>
  operations.filter((one) => one.auth === auth && one.path.includes("{") && !one.path.includes("{model}"));

/** The operations on what belongs to a project, below the project's own path. A rate limit is a model's, and has the same id in each. */
const belowProject = onSomething("admin").filter(
  ({ path }) => /\{project_id\}.*\{/.test(path) && !path.includes("{rate_limit_id}"),
);

function requestFor({ id, method, path, body }: Operation, idOf: (param: string) => string): RawRequest {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, param: string) => idOf(param));
  return { method, path: filled, ...(body && { body: BODIES[id] ?? {} }) };
}

/** Sends each operation with these ids, and with ids of nothing for those of `guessed`: the caller must not learn the difference. */
async function assertUnknown(
  { http }: RequirementContext,
  known: readonly Operation[],
  ids: Ids,
  as: Pick<RawRequest, "key" | "headers">,
  guessed: readonly string[] = Object.keys(ids),
): Promise<void> {
  for (const operation of known) {
    const replies = [];
    for (const nothing of [false, true]) {
      const idOf = (param: string) => {
        const id = ids[param] ?? assert.fail(`no id for {${param}} of ${operation.id}`);
        return nothing && guessed.includes(param) ? `${id.slice(0, -8)}00000000` : id;
      };
      const reply = await http.send({ ...requestFor(operation, idOf), ...as });
      assertError(reply, { status: 404 });
      replies.push(Object.values(ids).reduce((text, id) => text.replaceAll(id.slice(-8), "00000000"), reply.text));
    }
    assert.equal(replies[0], replies[1], `${operation.id} tells another's id from none`);
  }
}

export const isolationRequirements: readonly Requirement[] = [
  {
    id: "isolation.projects",
    title:
      "What one project has made is, by its id, the same 404 to another as what does not exist, on every operation.",
    reference: PAGES.errors,
    operations: onSomething("key").map(({ id }) => id),
    async run(context) {
      const { client } = context;
      const conversation = await client.conversations.create({ items: [{ role: "user", content: "mine" }] });
      const items = await client.conversations.items.list(conversation.id);
      const response = await client.responses.create({ model: "kit-chat", input: "mine" });
      const completion = await ok<{ id: string }>(context, CHAT, chatBody({ store: true }));
      const ids: Ids = {
        conversation_id: conversation.id,
        item_id: items.last_id,
        response_id: response.id,
        completion_id: completion.id,
      };
      const { key } = await newAccount(context);
      await assertUnknown(context, onSomething("key"), ids, { key: key.value });
      assert.equal((await client.conversations.items.list(conversation.id)).data.length, 1);
      await client.responses.retrieve(response.id);
      await client.chat.completions.retrieve(completion.id);
    },
  },
  {
    id: "isolation.organizations",
    title: "What is one organization's is, by its id, the same 404 to another's admin as what does not exist.",
    reference: PAGES.errors,
    operations: onSomething("admin").map(({ id }) => id),
    async run(context) {
      const { organization } = context.client.admin;
      const { project, account, key } = await newAccount(context);
      const admin = await organization.adminAPIKeys.create({ name: "ops" });
      const { user, invite } = await newUser(context, [{ id: project.id, role: "member" }]);
      const ids: Ids = {
        user_id: user.id,
        invite_id: invite.id,
        project_id: project.id,
        service_account_id: account.id,
        api_key_id: key.id,
        key_id: admin.id,
        alert_id: (await organization.spendAlerts.create(spendAlert(1))).id,
        rate_limit_id: "rl-kit-chat",
      };
      const elsewhere = { key: null, headers: { [CALLER_HEADER]: OTHER_ADMIN } };
      await assertUnknown(context, onSomething("admin"), ids, elsewhere);
      const own = await context.http.send({ path: "/organization/projects", ...elsewhere });
      assert.deepEqual((own.json() as { data: unknown[] }).data, [], "another organization's projects are listed");
      assert.deepEqual({ ...(await organization.projects.retrieve(project.id)) }, { ...project });
      for (const opened of [
        { path: "/models", key: key.value },
        { path: "/organization/projects", key: admin.value },
        { path: "/organization/projects", key: KEYS.admin },
      ]) {
        assert.equal((await context.http.send(opened)).status, 200);
      }
    },
  },
  {
    id: "isolation.paths",
    title:
      "What is one project's is not reached below another's path of the same organization: the same 404 as what does not exist, on every operation.",
    reference: PAGES.errors,
    operations: belowProject.map(({ id }) => id),
    async run(context) {
      const { projects } = context.client.admin.organization;
      const [{ project, account, key }, other] = [await newAccount(context), await newAccount(context)];
      const { user } = await newUser(context, [{ id: project.id, role: "member" }]);
      const alert = await projects.spendAlerts.create(project.id, spendAlert(1));
      const mine = {
        user_id: user.id,
        service_account_id: account.id,
        api_key_id: key.id,
        alert_id: alert.id,
      };
      const ids: Ids = { ...mine, project_id: other.project.id };
      await assertUnknown(context, belowProject, ids, { key: KEYS.admin }, Object.keys(mine));
      assert.equal((await projects.serviceAccounts.retrieve(account.id, { project_id: project.id })).id, account.id);
      assert.equal((await projects.users.retrieve(user.id, { project_id: project.id })).id, user.id);
      assert.equal((await projects.spendAlerts.retrieve(alert.id, { project_id: project.id })).id, alert.id);
      for (const opened of [key, other.key]) {
        assert.equal((await context.http.send({ path: "/models", key: opened.value })).status, 200);
      }
    },
  },
];
