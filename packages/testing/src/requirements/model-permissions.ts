import assert from "node:assert/strict";
import { CHAT, chatBody, RESPONSES, responseBody } from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import { MODELS } from "../kit/models.ts";
import { newAccount, newProject, PROJECTS, refusedAdmin, withKey } from "../kit/organization.ts";
import { PAGES, type Requirement, type RequirementContext } from "../requirement.ts";

const reference = PAGES.projectRetrieve;

export const modelPermissionsRequirements: readonly Requirement[] = [
  {
    id: "model-permissions.retrieve",
    title: "A project of which nothing was said denies no model.",
    reference,
    operations: ["retrieve-project-model-permissions"],
    async run(context) {
      const { id } = await newProject(context);
      const { modelPermissions } = context.client.admin.organization.projects;
      const expected = { object: "project.model_permissions", mode: "deny_list", model_ids: [] };
      assert.deepEqual({ ...(await modelPermissions.retrieve(id)) }, expected);
    },
  },
  {
    id: "model-permissions.allow",
    title: "With an allow list a project has its models and no other: a 403 `model_not_found`, and gone from the list.",
    reference,
    operations: ["update-project-model-permissions"],
    async run(context) {
      const { project, key } = await newAccount(context);
      const { modelPermissions } = context.client.admin.organization.projects;
      await withKey(context, key.value).models.retrieve(MODELS.engine);
      const policy = { mode: "allow_list", model_ids: [MODELS.chat] } as const;
      const expected = { object: "project.model_permissions", ...policy };
      assert.deepEqual(
        { ...(await modelPermissions.update(project.id, { ...policy, model_ids: [MODELS.chat] })) },
        expected,
      );
      assert.deepEqual({ ...(await modelPermissions.retrieve(project.id)) }, expected);
      assert.equal((await context.http.send({ path: CHAT, body: chatBody(), key: key.value })).status, 200);
      await assertDenied(context, key.value, project.id, MODELS.engine);
      const listed = await withKey(context, key.value).models.list();
      assert.deepEqual(
        listed.data.map(({ id }) => id),
        [MODELS.chat],
      );
      const hidden = await context.http.send({ path: `/models/${MODELS.engine}`, key: key.value });
      assertError(hidden, { status: 404, code: "model_not_found" });
      // Nobody else is concerned.
      await context.client.models.retrieve(MODELS.engine);
    },
  },
  {
    id: "model-permissions.deny",
    title: "With a deny list a project has all models but these, whatever alias stands for one of them.",
    reference,
    operations: ["update-project-model-permissions"],
    async run(context) {
      const { project, key } = await newAccount(context);
      const { modelPermissions } = context.client.admin.organization.projects;
      await modelPermissions.update(project.id, { mode: "deny_list", model_ids: [MODELS.snapshot] });
      await assertDenied(context, key.value, project.id, MODELS.snapshot);
      await assertDenied(context, key.value, project.id, MODELS.stable);
      assert.equal((await context.http.send({ path: CHAT, body: chatBody(), key: key.value })).status, 200);
    },
  },
  {
    id: "model-permissions.delete",
    title: "Without permissions of its own a project has every model again.",
    reference,
    operations: ["delete-project-model-permissions"],
    async run(context) {
      const { project, key } = await newAccount(context);
      const { modelPermissions } = context.client.admin.organization.projects;
      await modelPermissions.update(project.id, { mode: "allow_list", model_ids: [] });
      await assertDenied(context, key.value, project.id, MODELS.chat);
      const deleted = await modelPermissions.delete(project.id);
      assert.deepEqual({ ...deleted }, { object: "project.model_permissions.deleted", deleted: true });
      assert.equal((await context.http.send({ path: CHAT, body: chatBody(), key: key.value })).status, 200);
      assert.equal((await modelPermissions.delete(project.id)).deleted, false);
    },
  },
  {
    id: "model-permissions.refused",
    title: "A policy that is incomplete or wrong is a 400 that names what is, an unknown project a 404.",
    reference,
    operations: [
      "retrieve-project-model-permissions",
      "update-project-model-permissions",
      "delete-project-model-permissions",
    ],
    async run(context) {
      const { id } = await newProject(context);
      const path = `${PROJECTS}/${id}/model_permissions`;
      for (const [body, param, code] of [
        [{ model_ids: [] }, "mode", "missing_required_parameter"],
        [{ mode: "allow_list" }, "model_ids", "missing_required_parameter"],
        [{ mode: "all", model_ids: [] }, "mode", "invalid_value"],
        [{ mode: "deny_list", model_ids: [1] }, "model_ids[0]", "invalid_type"],
        [{ mode: "deny_list", model_ids: [], note: "x" }, "note", "unknown_parameter"],
      ] as const) {
        await refusedAdmin(context, { path, body }, { status: 400, param, code });
      }
      const unknown = `${PROJECTS}/proj_none/model_permissions`;
      for (const request of [
        { path: unknown },
        { path: unknown, method: "DELETE" },
        { path: unknown, body: { mode: "deny_list", model_ids: [] } },
      ]) {
        await refusedAdmin(context, request, { status: 404 });
      }
    },
  },
];

/** The model is a 403 to the key, whatever is asked of it, and no engine hears of it. */
async function assertDenied({ http, engines }: RequirementContext, key: string, project: string, model: string) {
  const before = engines.calls.length;
  const message = new RegExp(`^Project \`${project}\` does not have access to model \`${model}\`$`);
  for (const request of [
    { path: CHAT, body: chatBody({ model }) },
    { path: CHAT, body: chatBody({ model, stream: true }) },
    { path: RESPONSES, body: responseBody({ model }) },
  ]) {
    assertError(await http.send({ ...request, key }), { status: 403, code: "model_not_found", message });
  }
  assert.equal(engines.calls.length, before, "an engine was asked");
}
