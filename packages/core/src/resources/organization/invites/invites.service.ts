import type { Call } from "../../../call.ts";
import { refuseUnknown } from "../../../engine/parameters.ts";
import { invalidRequest } from "../../../errors/catalogue.ts";
import type { Reply } from "../../../http/exchange.ts";
import { type Admin, adminOf } from "../../../identity/admin.ts";
import {
  findInvite,
  INVITE_SECONDS,
  inviteKey,
  inviteStatus,
  planAcceptance,
  refuseKnownEmail,
} from "../../../identity/invites.ts";
import { findActiveProject } from "../../../identity/projects.ts";
import { INVITES, type InviteData } from "../../../identity/records.ts";
import { newId, unixSeconds } from "../../../ids.ts";
import { listPage, type PageQuery } from "../../../pipeline/page.ts";
import { jsonReply } from "../../../pipeline/reply.ts";
import type { StoredRecord } from "../../../store/store.ts";
import { type InviteCreateRequest, inviteCreateRequest } from "./invites.schema.ts";
import type { InviteDeleted, InviteObject } from "./invites.types.ts";

/** https://platform.openai.com/docs/api-reference/invite/list */
export async function listInvites(call: Call<unknown, PageQuery>): Promise<Reply> {
  const { store, owner } = adminOf(call);
  return jsonReply(await listPage(store, { collection: INVITES, owner }, call.query, inviteObject));
}

/** https://platform.openai.com/docs/api-reference/invite/create */
export async function createInvite(call: Call<InviteCreateRequest>): Promise<Reply> {
  refuseUnknown(call.body, inviteCreateRequest.shape);
  const { email, role, projects: named } = call.body;
  const admin = adminOf(call);
  const { store, organization, platform, commit } = admin;
  const projects = named ?? (await defaultProject(admin));
  if (new Set(projects.map(({ id }) => id)).size < projects.length) {
    throw invalidRequest("A project is named twice.", "projects", "invalid_value");
  }
  const id = newId("invite-");
  const { expiresAt } = await commit(async () => {
    await refuseKnownEmail(store, organization, email);
    for (const project of projects) await findActiveProject(store, organization, project.id);
    const createdAt = unixSeconds();
    const data: InviteData = { email, role, projects, expiresAt: createdAt + INVITE_SECONDS, acceptedAt: null };
    return {
      changes: [{ insert: { ...inviteKey(organization, id), createdAt, data } }],
      events: [{ type: "invite.sent", resource: id, details: { data: { email, role } } }],
      result: data,
    };
  });
  const person = await platform.invited({ id, organization, email, role, expiresAt });
  if (person) await commit(() => planAcceptance(store, organization, { invite: id, name: person.name }));
  return jsonReply(inviteObject(await findInvite(store, organization, id)));
}

/** https://platform.openai.com/docs/api-reference/invite/retrieve */
export async function retrieveInvite(call: Call): Promise<Reply> {
  const { store, organization } = adminOf(call);
  return jsonReply(inviteObject(await findInvite(store, organization, idOf(call))));
}

/** https://platform.openai.com/docs/api-reference/invite/delete */
export async function deleteInvite(call: Call): Promise<Reply> {
  const { store, organization, commit } = adminOf(call);
  const deleted = await commit(async () => {
    const record = await findInvite(store, organization, idOf(call));
    const { id, version } = record;
    if ((record.data as InviteData).acceptedAt !== null) {
      throw invalidRequest("The invite has been accepted and cannot be deleted.", null, "invite_accepted");
    }
    const key = inviteKey(organization, id);
    const result: InviteDeleted = { id, object: "organization.invite.deleted", deleted: true };
    return {
      // Fails when it is accepted meanwhile.
      changes: [{ replace: { ...key, version } }, { delete: key }],
      events: [{ type: "invite.deleted", resource: id }],
      result,
    };
  });
  return jsonReply(deleted);
}

/** Whom nobody invites to a project, is invited to the default one, where the organization has it. */
async function defaultProject({ platform, organization }: Admin): Promise<InviteData["projects"]> {
  const defaults = await platform.defaults();
  return defaults.organization === organization ? [{ id: defaults.project, role: "member" }] : [];
}

function idOf({ params }: Pick<Call, "params">): string {
  return params.invite_id ?? "";
}

function inviteObject({ id, createdAt, data }: StoredRecord): InviteObject {
  const invite = data as InviteData;
  return {
    id,
    object: "organization.invite",
    email: invite.email,
    role: invite.role,
    status: inviteStatus(invite),
    projects: [...invite.projects],
    created_at: createdAt,
    expires_at: invite.expiresAt,
    accepted_at: invite.acceptedAt,
  };
}
