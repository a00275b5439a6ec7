import type { Call } from "../../../../call.ts";
import { refuseUnknown } from "../../../../engine/parameters.ts";
import { invalidRequest, objectNotFound } from "../../../../errors/catalogue.ts";
import type { Reply } from "../../../../http/exchange.ts";
import { type Admin, adminOf } from "../../../../identity/admin.ts";
import { findActiveProject, findProject } from "../../../../identity/projects.ts";
import { PROJECT_USERS, type ProjectUserData, type UserData } from "../../../../identity/records.ts";
import {
  findMember,
  findUser,
  joinProject,
  leaveProject,
  memberKey,
  userByEmail,
  userKey,
} from "../../../../identity/users.ts";
import { unixSeconds } from "../../../../ids.ts";
import { listPage, type PageQuery } from "../../../../pipeline/page.ts";
import { jsonReply } from "../../../../pipeline/reply.ts";
import type { StoredRecord } from "../../../../store/store.ts";
import {
  type ProjectUserCreateRequest,
  type ProjectUserUpdateRequest,
  projectUserCreateRequest,
  projectUserUpdateRequest,
} from "./project-users.schema.ts";
import type { ProjectUserDeleted, ProjectUserObject } from "./project-users.types.ts";

/** https://platform.openai.com/docs/api-reference/project-users/list */
export async function listProjectUsers(call: Call<unknown, PageQuery>): Promise<Reply> {
  const { store, owner, organization } = adminOf(call);
  const { id: parent } = await findProject(store, organization, projectOf(call));
  const list = { collection: PROJECT_USERS, owner, parent };
  const page = await listPage(store, list, call.query, (record) => record);
  const users = await Promise.all(page.data.map((member) => store.get(userKey(organization, member.id))));
  // One who has just left is in the page still, and nowhere else.
  const data = page.data.flatMap((member, index) => {
    const user = users[index];
    return user ? [projectUserObject(member, user)] : [];
  });
  return jsonReply({ ...page, data });
}

/** https://platform.openai.com/docs/api-reference/project-users/create */
export async function createProjectUser(call: Call<ProjectUserCreateRequest>): Promise<Reply> {
  refuseUnknown(call.body, projectUserCreateRequest.shape);
  const admin = adminOf(call);
  const { store, organization, commit } = admin;
  const { role } = call.body;
  const created = await commit(async () => {
    const { id: project, data } = await findActiveProject(store, organization, projectOf(call));
    const user = await namedUser(admin, call.body);
    const { id } = user;
    const createdAt = unixSeconds();
    const place = { id: project, name: data.name };
    return {
      changes: joinProject(organization, project, user, { role, createdAt }),
      events: [{ type: "user.added", resource: id, project: place, details: { data: { role } } }],
      result: projectUserObject({ id, createdAt, data: { role } }, user),
    };
  });
  return jsonReply(created);
}

/** https://platform.openai.com/docs/api-reference/project-users/retrieve */
export async function retrieveProjectUser(call: Call): Promise<Reply> {
  const { store, organization } = adminOf(call);
  const { id } = await findProject(store, organization, projectOf(call));
  const member = await findMember(store, organization, id, idOf(call));
  return jsonReply(projectUserObject(member, await findUser(store, organization, member.id)));
}

/** https://platform.openai.com/docs/api-reference/project-users/modify */
export async function modifyProjectUser(call: Call<ProjectUserUpdateRequest>): Promise<Reply> {
  refuseUnknown(call.body, projectUserUpdateRequest.shape);
  const { store, organization, commit } = adminOf(call);
  const modified = await commit(async () => {
    const project = await findActiveProject(store, organization, projectOf(call));
    const member = await findMember(store, organization, project.id, idOf(call));
    const { id, version } = member;
    const data: ProjectUserData = { role: call.body.role ?? (member.data as ProjectUserData).role };
    const place = { id: project.id, name: project.data.name };
    return {
      changes: [{ replace: { ...memberKey(organization, project.id, id), version, data } }],
      events: [{ type: "user.updated", resource: id, project: place, details: { changes_requested: data } }],
      result: projectUserObject({ ...member, data }, await findUser(store, organization, id)),
    };
  });
  return jsonReply(modified);
}

/** https://platform.openai.com/docs/api-reference/project-users/delete */
export async function deleteProjectUser(call: Call): Promise<Reply> {
  const { store, organization, commit } = adminOf(call);
  const deleted = await commit(async () => {
    const { id: project, data } = await findActiveProject(store, organization, projectOf(call));
    const { id } = await findMember(store, organization, project, idOf(call));
    const result: ProjectUserDeleted = { id, object: "organization.project.user.deleted", deleted: true };
    return {
      changes: await leaveProject(store, organization, project, await findUser(store, organization, id)),
      events: [{ type: "user.deleted", resource: id, project: { id: project, name: data.name } }],
      revoked: [id],
      result,
    };
  });
  return jsonReply(deleted);
}

/** @throws ApiError 400 when the request does not name one user, 404 when there is none */
async function namedUser(
  { store, organization }: Admin,
  { user_id: id, email }: ProjectUserCreateRequest,
): Promise<StoredRecord> {
  if (id && email) throw invalidRequest("Name the user by 'user_id' or by 'email', not by both.", "email");
  if (id) return findUser(store, organization, id);
  if (!email)
    throw invalidRequest("Name the user by 'user_id' or by 'email'.", "user_id", "missing_required_parameter");
  const user = await userByEmail(store, organization, email);
  if (!user) throw objectNotFound("User", email);
  return user;
}

function projectOf({ params }: Pick<Call, "params">): string {
  return params.project_id ?? "";
}

function idOf({ params }: Pick<Call, "params">): string {
  return params.user_id ?? "";
}

function projectUserObject(
  { id, createdAt, data }: Pick<StoredRecord, "id" | "createdAt" | "data">,
  user: Pick<StoredRecord, "data">,
): ProjectUserObject {
  const { role } = data as ProjectUserData;
  const { name, email } = user.data as UserData;
  return { id, object: "organization.project.user", name, email, role, added_at: createdAt };
}
