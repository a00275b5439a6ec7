import { invalidRequest, objectNotFound } from "../errors/catalogue.ts";
import { newId, unixSeconds } from "../ids.ts";
import type { Change, RecordKey, Store, StoredRecord } from "../store/store.ts";
import type { Plan } from "./platform.ts";
import {
  INVITES,
  type InviteData,
  organizationOwner,
  PROJECTS,
  type ProjectData,
  type ProjectUserData,
  type UserData,
  type UserEmailData,
} from "./records.ts";
import { emailKey, memberKey, userByEmail, userKey } from "./users.ts";

/** Seconds that an invite can be accepted. */
export const INVITE_SECONDS = 7 * 24 * 60 * 60;

export function inviteKey(organization: string, id: string): RecordKey {
  return { collection: INVITES, owner: organizationOwner(organization), id };
}

export function inviteStatus({ acceptedAt, expiresAt }: InviteData): "accepted" | "expired" | "pending" {
  if (acceptedAt !== null) return "accepted";
  return expiresAt <= unixSeconds() ? "expired" : "pending";
}

/** @throws ApiError 404 when the organization has no such invite */
export async function findInvite(store: Store, organization: string, id: string): Promise<StoredRecord> {
  const record = await store.get(inviteKey(organization, id));
  if (!record) throw objectNotFound("Invite", id);
  return record;
}

/** @throws ApiError 400 when a user has the address */
export async function refuseKnownEmail(store: Store, organization: string, email: string): Promise<void> {
  if (!(await userByEmail(store, organization, email))) return;
  throw invalidRequest("A user with this email is in the organization already.", "email", "user_already_exists");
}

/**
 * Makes a user of who was invited, in the projects that they were invited to and that are still active.
 * @throws ApiError 404 for an invite that is not there, 400 for one that has been accepted or has expired
 */
export async function planAcceptance(
  store: Store,
  organization: string,
  { invite, name }: { invite: string; name: string },
): Promise<Plan<string>> {
  const record = await findInvite(store, organization, invite);
  const data = record.data as InviteData;
  const status = inviteStatus(data);
  if (status !== "pending") throw invalidRequest(`The invite is ${status}.`, null, `invite_${status}`);
  const { email, role } = data;
  await refuseKnownEmail(store, organization, email);
  const id = newId("user-");
  const createdAt = unixSeconds();
  const found = await Promise.all(data.projects.map((one) => activeProject(store, organization, one)));
  const projects = found.filter((project) => project !== null);
  const user: UserData = { name, email, role, projects: projects.map((project) => project.id) };
  const accepted: InviteData = { ...data, acceptedAt: createdAt };
  const changes: Change[] = [
    { replace: { ...inviteKey(organization, invite), version: record.version, data: accepted } },
    { insert: { ...emailKey(organization, email), createdAt, data: { user: id } satisfies UserEmailData } },
    { insert: { ...userKey(organization, id), createdAt, data: user } },
    ...projects.map((project) => {
      const member: ProjectUserData = { role: project.role };
      return { insert: { ...memberKey(organization, project.id, id), createdAt, data: member } };
    }),
  ];
  return {
    changes,
    events: [
      { type: "invite.accepted", resource: invite },
      { type: "user.added", resource: id, details: { data: { role } } },
    ],
    result: id,
  };
}

async function activeProject(
  store: Store,
  organization: string,
  one: InviteData["projects"][number],
): Promise<InviteData["projects"][number] | null> {
  const record = await store.get({ collection: PROJECTS, owner: organizationOwner(organization), id: one.id });
  return record && (record.data as ProjectData).archivedAt === null ? one : null;
}
