import { invalidRequest, objectNotFound } from "../errors/catalogue.ts";
import type { Change, RecordKey, Store, StoredRecord } from "../store/store.ts";
import { revokeKeysOf } from "./owned-keys.ts";
import {
  organizationOwner,
  PROJECT_USERS,
  type ProjectUserData,
  USER_EMAILS,
  USERS,
  type UserData,
  type UserEmailData,
} from "./records.ts";

/** Projects that one user may be a member of: all memberships go in one write with their user. */
const MOST_PROJECTS = 100;

export function userKey(organization: string, id: string): RecordKey {
  return { collection: USERS, owner: organizationOwner(organization), id };
}

export function memberKey(organization: string, project: string, id: string): RecordKey {
  return { collection: PROJECT_USERS, owner: organizationOwner(organization), parent: project, id };
}

/** Addresses are the same in whatever case. */
export function emailKey(organization: string, email: string): RecordKey {
  return { collection: USER_EMAILS, owner: organizationOwner(organization), id: email.toLowerCase() };
}

/** @throws ApiError 404 when the organization has no such user */
export async function findUser(store: Store, organization: string, id: string): Promise<StoredRecord> {
  const record = await store.get(userKey(organization, id));
  if (!record) throw objectNotFound("User", id);
  return record;
}

/** The user with this address; null for nobody. */
export async function userByEmail(store: Store, organization: string, email: string): Promise<StoredRecord | null> {
  const found = await store.get(emailKey(organization, email));
  return found && store.get(userKey(organization, (found.data as UserEmailData).user));
}

/** @throws ApiError 404 when the project has no such member */
export async function findMember(
  store: Store,
  organization: string,
  project: string,
  id: string,
): Promise<StoredRecord> {
  const record = await store.get(memberKey(organization, project, id));
  if (!record) throw objectNotFound("User", id);
  return record;
}

/**
 * The changes that make a user a member. The user is written with it: one who is deleted meanwhile becomes none.
 * @throws ApiError 400 when they are one, or are in too many projects
 */
export function joinProject(
  organization: string,
  project: string,
  { id, version, data }: StoredRecord,
  membership: { role: ProjectUserData["role"]; createdAt: number },
): Change[] {
  const user = data as UserData;
  if (user.projects.includes(project)) throw invalidRequest("The user is in the project already.");
  if (user.projects.length >= MOST_PROJECTS) {
    throw invalidRequest(`A user may be in ${MOST_PROJECTS} projects. Take them out of one first.`);
  }
  const { role, createdAt } = membership;
  const joined: UserData = { ...user, projects: [...user.projects, project] };
  return [
    { replace: { ...userKey(organization, id), version, data: joined } },
    { insert: { ...memberKey(organization, project, id), createdAt, data: { role } satisfies ProjectUserData } },
  ];
}

/** The changes that take a user out of a project, and their keys with them. */
export async function leaveProject(
  store: Store,
  organization: string,
  project: string,
  { id, version, data }: StoredRecord,
): Promise<Change[]> {
  const user = data as UserData;
  const left: UserData = { ...user, projects: user.projects.filter((other) => other !== project) };
  return [
    { replace: { ...userKey(organization, id), version, data: left } },
    { delete: memberKey(organization, project, id) },
    ...(await revokeKeysOf(store, { organization, project }, id)),
  ];
}

/** The changes that take a user out of the organization, with their memberships and all of their keys. */
export async function leaveOrganization(
  store: Store,
  organization: string,
  { id, version, data }: StoredRecord,
): Promise<Change[]> {
  const { email, projects } = data as UserData;
  const keys = [null, ...projects].map((project) => revokeKeysOf(store, { organization, project }, id));
  return [
    // Fails when they have joined a project meanwhile.
    { replace: { ...userKey(organization, id), version } },
    { delete: userKey(organization, id) },
    { delete: emailKey(organization, email) },
    ...projects.map((project) => ({ delete: memberKey(organization, project, id) })),
    ...(await Promise.all(keys)).flat(),
  ];
}
