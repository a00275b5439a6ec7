import { bareOperation, jsonOperation } from "../../../operation.ts";
import { projectCreateRequest, projectListQuery, projectUpdateRequest } from "./projects.schema.ts";
import { archiveProject, createProject, listProjects, modifyProject, retrieveProject } from "./projects.service.ts";

const REFERENCE = "https://platform.openai.com/docs/api-reference/projects";
const MAX_BYTES = 64 * 1024;
const projects = { path: "/organization/projects", auth: "admin", streams: false } as const;
const project = { ...projects, path: "/organization/projects/{project_id}" } as const;

export const listProjectsOperation = bareOperation({
  ...projects,
  id: "list-projects",
  method: "GET",
  summary: "Lists the organization's projects, newest first.",
  reference: `${REFERENCE}/list`,
  query: projectListQuery,
  run: listProjects,
});

export const createProjectOperation = jsonOperation({
  ...projects,
  id: "create-project",
  method: "POST",
  summary: "Creates a project.",
  reference: `${REFERENCE}/create`,
  body: { schema: projectCreateRequest, maxBytes: MAX_BYTES },
  run: createProject,
});

export const retrieveProjectOperation = bareOperation({
  ...project,
  id: "retrieve-project",
  method: "GET",
  summary: "Retrieves a project, archived ones too.",
  reference: `${REFERENCE}/retrieve`,
  run: retrieveProject,
});

export const modifyProjectOperation = jsonOperation({
  ...project,
  id: "modify-project",
  method: "POST",
  summary: "Renames a project.",
  reference: `${REFERENCE}/modify`,
  body: { schema: projectUpdateRequest, maxBytes: MAX_BYTES },
  run: modifyProject,
});

export const archiveProjectOperation = bareOperation({
  ...project,
  path: "/organization/projects/{project_id}/archive",
  id: "archive-project",
  method: "POST",
  summary: "Archives a project: its keys stop working, and it cannot be changed any more.",
  reference: `${REFERENCE}/archive`,
  run: archiveProject,
});
