import type { Call } from "../../../call.ts";
import { refuseUnknown } from "../../../engine/parameters.ts";
import type { Reply } from "../../../http/exchange.ts";
import { adminOf, refuseAsked } from "../../../identity/admin.ts";
import { USERS, type UserData } from "../../../identity/records.ts";
import { findUser, leaveOrganization, userByEmail, userKey } from "../../../identity/users.ts";
import { listPage, pageOf } from "../../../pipeline/page.ts";
import { jsonReply } from "../../../pipeline/reply.ts";
import type { StoredRecord } from "../../../store/store.ts";
import { type UserListQuery, type UserUpdateRequest, userUpdateRequest } from "./users.schema.ts";
import type { OrganizationUserDeleted, OrganizationUserObject } from "./users.types.ts";

/** What an outlet does not have: roles beyond the two, and notes on a person. */
const NOT_HERE = ["role_id", "technical_level", "developer_persona"];

/** https://platform.openai.com/docs/api-reference/users/list */
export async function listUsers(call: Call<unknown, UserListQuery>): Promise<Reply> {
  const { store, owner, organization } = adminOf(call);
  const { emails = [], ...page } = call.query;
  if (emails.length === 0) return jsonReply(await listPage(store, { collection: USERS, owner }, page, userObject));
  const found = await Promise.all(emails.map((email) => userByEmail(store, organization, email)));
  const users = new Map(found.flatMap((user) => (user ? [[user.id, user]] : [])));
  const ordered = [...users.values()].sort((left, right) => left.position - right.position);
  return jsonReply(pageOf(ordered.map(userObject), page));
}

/** https://platform.openai.com/docs/api-reference/users/retrieve */
export async function retrieveUser(call: Call): Promise<Reply> {
  const { store, organization } = adminOf(call);
  return jsonReply(userObject(await findUser(store, organization, idOf(call))));
}

/** https://platform.openai.com/docs/api-reference/users/modify */
export async function modifyUser(call: Call<UserUpdateRequest>): Promise<Reply> {
  refuseUnknown(call.body, userUpdateRequest.shape);
  refuseAsked(call.body, NOT_HERE);
  const { store, organization, commit } = adminOf(call);
  const modified = await commit(async () => {
    const record = await findUser(store, organization, idOf(call));
    const { id, version } = record;
    const former = record.data as UserData;
    const role = call.body.role ?? former.role;
    const data: UserData = { ...former, role };
    return {
      changes: [{ replace: { ...userKey(organization, id), version, data } }],
      events: [{ type: "user.updated", resource: id, details: { changes_requested: { role } } }],
      // A reader's admin keys open nothing.
      revoked: [id],
      result: userObject({ ...record, data }),
    };
  });
  return jsonReply(modified);
}

/** https://platform.openai.com/docs/api-reference/users/delete */
export async function deleteUser(call: Call): Promise<Reply> {
  const { store, organization, commit } = adminOf(call);
  const deleted = await commit(async () => {
    const user = await findUser(store, organization, idOf(call));
    const { id } = user;
    const result: OrganizationUserDeleted = { id, object: "organization.user.deleted", deleted: true };
    return {
      changes: await leaveOrganization(store, organization, user),
      events: [{ type: "user.deleted", resource: id }],
      revoked: [id],
      result,
    };
  });
  return jsonReply(deleted);
}

function idOf({ params }: Pick<Call, "params">): string {
  return params.user_id ?? "";
}

function userObject({ id, createdAt, data }: StoredRecord): OrganizationUserObject {
  const { name, email, role } = data as UserData;
  return { id, object: "organization.user", name, email, role, added_at: createdAt };
}
