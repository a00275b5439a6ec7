import type { Call } from "../../../../call.ts";
import { refuseUnknown } from "../../../../engine/parameters.ts";
import { invalidRequest, objectNotFound } from "../../../../errors/catalogue.ts";
import type { Reply } from "../../../../http/exchange.ts";
import { type Admin, adminOf, refuseAsked } from "../../../../identity/admin.ts";
import { deleteKey, keyRecord } from "../../../../identity/new-key.ts";
import { findActiveProject, findProject } from "../../../../identity/projects.ts";
import { type KeyData, PROJECT_KEYS } from "../../../../identity/records.ts";
import { unixSeconds } from "../../../../ids.ts";
import { listPage } from "../../../../pipeline/page.ts";
import { jsonReply } from "../../../../pipeline/reply.ts";
import type { StoredRecord } from "../../../../store/store.ts";
import { projectKeyObject } from "./project-api-keys.object.ts";
import {
  type ProjectKeyListQuery,
  type ProjectKeyUpdateRequest,
  projectKeyUpdateRequest,
} from "./project-api-keys.schema.ts";
import type { ProjectKeyDeleted } from "./project-api-keys.types.ts";

/** https://platform.openai.com/docs/api-reference/project-api-keys/list */
export async function listProjectKeys(call: Call<unknown, ProjectKeyListQuery>): Promise<Reply> {
  const admin = adminOf(call);
  const { owner_project_access: access = "any", ...query } = call.query;
  const { id: parent } = await findProject(admin.store, admin.organization, projectOf(call));
  const list = { collection: PROJECT_KEYS, owner: admin.owner, parent };
  const page = await listPage(admin.store, list, query, (record) => record);
  const keys = await Promise.all(page.data.map((record) => projectKeyObject(admin, record)));
  // A page may have fewer than it could: whether an owner is still there stands with the owner, not with its keys.
  const data = keys.filter((key) => access === "any" || key.owner_project_access === access);
  return jsonReply({ ...page, data });
}

/** https://platform.openai.com/docs/api-reference/project-api-keys/retrieve */
export async function retrieveProjectKey(call: Call): Promise<Reply> {
  const admin = adminOf(call);
  const { id } = await findProject(admin.store, admin.organization, projectOf(call));
  return jsonReply(await projectKeyObject(admin, await findProjectKey(admin, id, idOf(call))));
}

/** https://platform.openai.com/docs/api-reference/project-api-keys/update */
export async function updateProjectKey(call: Call<ProjectKeyUpdateRequest>): Promise<Reply> {
  refuseUnknown(call.body, projectKeyUpdateRequest.shape);
  refuseAsked(call.body, ["scopes"]);
  const { expires_in_seconds: seconds } = call.body;
  const admin = adminOf(call);
  const updated = await admin.commit(async () => {
    const project = await findActiveProject(admin.store, admin.organization, projectOf(call));
    const record = await findProjectKey(admin, project.id, idOf(call));
    const { id, version } = record;
    const former = record.data as KeyData;
    const now = unixSeconds();
    if (former.expiresAt !== null && former.expiresAt <= now) {
      throw invalidRequest("The API key has expired and cannot be updated.", null, "api_key_expired");
    }
    const data: KeyData = { ...former, expiresAt: seconds === undefined ? former.expiresAt : now + seconds };
    return {
      changes: [{ replace: { ...keyRecord(admin.organization, project.id, id), version, data } }],
      events: [{ type: "api_key.updated", resource: id, project: { id: project.id, name: project.data.name } }],
      revoked: [id],
      result: { ...record, data },
    };
  });
  return jsonReply(await projectKeyObject(admin, updated));
}

/** https://platform.openai.com/docs/api-reference/project-api-keys/delete */
export async function deleteProjectKey(call: Call): Promise<Reply> {
  const admin = adminOf(call);
  const deleted = await admin.commit(async () => {
    const project = await findProject(admin.store, admin.organization, projectOf(call));
    const record = await findProjectKey(admin, project.id, idOf(call));
    const { id } = record;
    const result: ProjectKeyDeleted = { id, object: "organization.project.api_key.deleted", deleted: true };
    return {
      changes: deleteKey(record),
      events: [{ type: "api_key.deleted", resource: id, project: { id: project.id, name: project.data.name } }],
      revoked: [id],
      result,
    };
  });
  return jsonReply(deleted);
}

async function findProjectKey({ store, organization }: Admin, project: string, id: string): Promise<StoredRecord> {
  const record = await store.get(keyRecord(organization, project, id));
  if (!record) throw objectNotFound("API key", id);
  return record;
}

function projectOf({ params }: Pick<Call, "params">): string {
  return params.project_id ?? "";
}

function idOf({ params }: Pick<Call, "params">): string {
  return params.api_key_id ?? "";
}
