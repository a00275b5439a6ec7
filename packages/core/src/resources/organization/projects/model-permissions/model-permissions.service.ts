import type { Call } from "../../../../call.ts";
import { refuseUnknown } from "../../../../engine/parameters.ts";
import type { Reply } from "../../../../http/exchange.ts";
import { adminOf } from "../../../../identity/admin.ts";
import { findActiveProject, findProject, projectKey } from "../../../../identity/projects.ts";
import type { ModelRule, ProjectData } from "../../../../identity/records.ts";
import { jsonReply } from "../../../../pipeline/reply.ts";
import { type ModelPermissionsUpdateRequest, modelPermissionsUpdateRequest } from "./model-permissions.schema.ts";
import type { ModelPermissions, ModelPermissionsDeleted } from "./model-permissions.types.ts";

/** What holds where nothing was said: no model is denied. */
const EVERY_MODEL: ModelRule = { mode: "deny_list", ids: [] };

/** https://platform.openai.com/docs/api-reference/projects */
export async function retrieveModelPermissions(call: Call): Promise<Reply> {
  const { store, organization } = adminOf(call);
  const { data } = await findProject(store, organization, projectOf(call));
  return jsonReply(modelPermissions(data.models ?? EVERY_MODEL));
}

/** https://platform.openai.com/docs/api-reference/projects */
export async function updateModelPermissions(call: Call<ModelPermissionsUpdateRequest>): Promise<Reply> {
  refuseUnknown(call.body, modelPermissionsUpdateRequest.shape);
  const models: ModelRule = { mode: call.body.mode, ids: [...new Set(call.body.model_ids)] };
  await setModels(call, models);
  return jsonReply(modelPermissions(models));
}

/** https://platform.openai.com/docs/api-reference/projects */
export async function deleteModelPermissions(call: Call): Promise<Reply> {
  const deleted = (await setModels(call, null)) !== null;
  const reply: ModelPermissionsDeleted = { object: "project.model_permissions.deleted", deleted };
  return jsonReply(reply);
}

/** Gives what held before. */
function setModels(call: Call, models: ModelRule | null): Promise<ModelRule | null> {
  const { store, organization, commit } = adminOf(call);
  return commit(async () => {
    const { id, data, record } = await findActiveProject(store, organization, projectOf(call));
    const changed: ProjectData = { ...data, models };
    const details = { changes_requested: { model_permissions: models && modelPermissions(models) } };
    return {
      changes: [{ replace: { ...projectKey(organization, id), version: record.version, data: changed } }],
      events: [{ type: "project.updated", resource: id, project: { id, name: data.name }, details }],
      revoked: [id],
      result: data.models,
    };
  });
}

function projectOf({ params }: Pick<Call, "params">): string {
  return params.project_id ?? "";
}

function modelPermissions({ mode, ids }: ModelRule): ModelPermissions {
  return { object: "project.model_permissions", mode, model_ids: [...ids] };
}
