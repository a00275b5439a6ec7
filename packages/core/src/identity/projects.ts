import type { ApiError } from "../errors/api-error.ts";
import { invalidRequest, objectNotFound } from "../errors/catalogue.ts";
import { newId } from "../ids.ts";
import type { Change, RecordKey, Store, StoredRecord } from "../store/store.ts";
import { organizationOwner, PROJECTS, type ProjectData } from "./records.ts";

export interface Project {
  readonly id: string;
  readonly createdAt: number;
  readonly data: ProjectData;
  readonly record: StoredRecord;
}

export function projectKey(organization: string, id: string): RecordKey {
  return { collection: PROJECTS, owner: organizationOwner(organization), id };
}

/** What lists of projects filter by. */
export function projectLabels({ archivedAt }: ProjectData): Record<string, string> {
  return { status: archivedAt === null ? "active" : "archived" };
}

export function newProject(
  organization: string,
  { name, createdAt }: { name: string; createdAt: number },
): { id: string; data: ProjectData; change: Change } {
  const id = newId("proj_");
  const data: ProjectData = { name, archivedAt: null, models: null };
  return {
    id,
    data,
    change: { insert: { ...projectKey(organization, id), createdAt, labels: projectLabels(data), data } },
  };
}

/** @throws ApiError 404 when the organization has no such project */
export async function findProject(store: Store, organization: string, id: string): Promise<Project> {
  const record = await store.get(projectKey(organization, id));
  if (!record) throw projectNotFound(id);
  return { id, createdAt: record.createdAt, data: record.data as ProjectData, record };
}

/** The same, for what cannot be done in an archived project: @throws ApiError 400 there */
export async function findActiveProject(store: Store, organization: string, id: string): Promise<Project> {
  const project = await findProject(store, organization, id);
  if (project.data.archivedAt !== null) {
    throw invalidRequest(`Project '${id.slice(0, 256)}' is archived and cannot be changed.`, null, "project_archived");
  }
  return project;
}

function projectNotFound(id: string): ApiError {
  return objectNotFound("Project", id);
}
