import { bareOperation, jsonOperation } from "../../../operation.ts";
import { adminPageQuery } from "../common.schema.ts";
import { inviteCreateRequest } from "./invites.schema.ts";
import { createInvite, deleteInvite, listInvites, retrieveInvite } from "./invites.service.ts";

const REFERENCE = "https://platform.openai.com/docs/api-reference/invite";
const invites = { path: "/organization/invites", auth: "admin", streams: false } as const;
const invite = { ...invites, path: "/organization/invites/{invite_id}" } as const;

export const listInvitesOperation = bareOperation({
  ...invites,
  id: "list-invites",
  method: "GET",
  summary: "Lists the organization's invites, newest first.",
  reference: `${REFERENCE}/list`,
  query: adminPageQuery,
  run: listInvites,
});

export const createInviteOperation = jsonOperation({
  ...invites,
  id: "inviteUser",
  method: "POST",
  summary: "Invites somebody to the organization and to projects; the host sends the invite.",
  reference: `${REFERENCE}/create`,
  body: { schema: inviteCreateRequest, maxBytes: 64 * 1024 },
  run: createInvite,
});

export const retrieveInviteOperation = bareOperation({
  ...invite,
  id: "retrieve-invite",
  method: "GET",
  summary: "Retrieves an invite.",
  reference: `${REFERENCE}/retrieve`,
  run: retrieveInvite,
});

export const deleteInviteOperation = bareOperation({
  ...invite,
  id: "delete-invite",
  method: "DELETE",
  summary: "Takes an invite back that has not been accepted.",
  reference: `${REFERENCE}/delete`,
  run: deleteInvite,
});
