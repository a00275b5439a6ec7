import type { Call } from "../../../call.ts";
import { refuseUnknown } from "../../../engine/parameters.ts";
import { invalidRequest } from "../../../errors/catalogue.ts";
import type { Reply } from "../../../http/exchange.ts";
import { adminOf, refuseAsked } from "../../../identity/admin.ts";
import { findActiveProject, findProject, newProject, projectKey, projectLabels } from "../../../identity/projects.ts";
import { PROJECTS, type ProjectData } from "../../../identity/records.ts";
import { unixSeconds } from "../../../ids.ts";
import { listPage } from "../../../pipeline/page.ts";
import { jsonReply } from "../../../pipeline/reply.ts";
import {
  type ProjectCreateRequest,
  type ProjectListQuery,
  type ProjectUpdateRequest,
  projectCreateRequest,
  projectUpdateRequest,
} from "./projects.schema.ts";
import type { ProjectObject } from "./projects.types.ts";

/** What an outlet does not have: keys of one's own for what is stored, and places to store it in. */
const NOT_HERE = ["external_key_id", "geography", "residency"];

/** https://platform.openai.com/docs/api-reference/projects/list */
export async function listProjects(call: Call<unknown, ProjectListQuery>): Promise<Reply> {
  const { store, owner } = adminOf(call);
  const { include_archived = false, ...page } = call.query;
  const list = { collection: PROJECTS, owner, ...(!include_archived && { labels: { status: "active" } }) };
  return jsonReply(
    await listPage(store, list, page, ({ id, createdAt, data }) => projectObject(id, createdAt, data as ProjectData)),
  );
}

/** https://platform.openai.com/docs/api-reference/projects/create */
export async function createProject(call: Call<ProjectCreateRequest>): Promise<Reply> {
  refuseUnknown(call.body, projectCreateRequest.shape);
  refuseAsked(call.body, NOT_HERE);
  const { organization, commit } = adminOf(call);
  const { name } = call.body;
  const created = await commit(async () => {
    const createdAt = unixSeconds();
    const { id, data, change } = newProject(organization, { name, createdAt });
    const project = { id, name };
    return {
      changes: [change],
      events: [{ type: "project.created", resource: id, project, details: { data: { name, title: name } } }],
      result: projectObject(id, createdAt, data),
    };
  });
  return jsonReply(created);
}

/** https://platform.openai.com/docs/api-reference/projects/retrieve */
export async function retrieveProject(call: Call): Promise<Reply> {
  const { store, organization } = adminOf(call);
  const { id, createdAt, data } = await findProject(store, organization, idOf(call));
  return jsonReply(projectObject(id, createdAt, data));
}

/** https://platform.openai.com/docs/api-reference/projects/modify */
export async function modifyProject(call: Call<ProjectUpdateRequest>): Promise<Reply> {
  refuseUnknown(call.body, projectUpdateRequest.shape);
  refuseAsked(call.body, NOT_HERE);
  const { store, organization, commit } = adminOf(call);
  const modified = await commit(async () => {
    const { id, createdAt, data, record } = await findActiveProject(store, organization, idOf(call));
    const name = call.body.name ?? data.name;
    const renamed: ProjectData = { ...data, name };
    const details = { changes_requested: { title: name } };
    return {
      changes: [{ replace: { ...projectKey(organization, id), version: record.version, data: renamed } }],
      events: [{ type: "project.updated", resource: id, project: { id, name }, details }],
      result: projectObject(id, createdAt, renamed),
    };
  });
  return jsonReply(modified);
}

/** https://platform.openai.com/docs/api-reference/projects/archive */
export async function archiveProject(call: Call): Promise<Reply> {
  const { store, organization, platform, commit } = adminOf(call);
  const defaults = await platform.defaults();
  if (idOf(call) === defaults.project) throw invalidRequest("The default project cannot be archived.");
  const archived = await commit(async () => {
    const { id, createdAt, data, record } = await findActiveProject(store, organization, idOf(call));
    const now: ProjectData = { ...data, archivedAt: unixSeconds() };
    const labels = projectLabels(now);
    return {
      changes: [{ replace: { ...projectKey(organization, id), version: record.version, labels, data: now } }],
      events: [{ type: "project.archived", resource: id, project: { id, name: data.name } }],
      revoked: [id],
      result: projectObject(id, createdAt, now),
    };
  });
  return jsonReply(archived);
}

function idOf({ params }: Pick<Call, "params">): string {
  return params.project_id ?? "";
}

function projectObject(id: string, createdAt: number, { name, archivedAt }: ProjectData): ProjectObject {
  return {
    id,
    object: "organization.project",
    name,
    created_at: createdAt,
    archived_at: archivedAt,
    status: archivedAt === null ? "active" : "archived",
  };
}
