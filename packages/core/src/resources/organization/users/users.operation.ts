import { bareOperation, jsonOperation } from "../../../operation.ts";
import { userListQuery, userUpdateRequest } from "./users.schema.ts";
import { deleteUser, listUsers, modifyUser, retrieveUser } from "./users.service.ts";

const REFERENCE = "https://platform.openai.com/docs/api-reference/users";
const users = { path: "/organization/users", auth: "admin", streams: false } as const;
const user = { ...users, path: "/organization/users/{user_id}" } as const;

export const listUsersOperation = bareOperation({
  ...users,
  id: "list-users",
  method: "GET",
  summary: "Lists the organization's users, newest first; by email, too.",
  reference: `${REFERENCE}/list`,
  query: userListQuery,
  run: listUsers,
});

export const retrieveUserOperation = bareOperation({
  ...user,
  id: "retrieve-user",
  method: "GET",
  summary: "Retrieves a user.",
  reference: `${REFERENCE}/retrieve`,
  run: retrieveUser,
});

export const modifyUserOperation = jsonOperation({
  ...user,
  id: "modify-user",
  method: "POST",
  summary: "Changes a user's role in the organization.",
  reference: `${REFERENCE}/modify`,
  body: { schema: userUpdateRequest, maxBytes: 64 * 1024 },
  run: modifyUser,
});

export const deleteUserOperation = bareOperation({
  ...user,
  id: "delete-user",
  method: "DELETE",
  summary: "Takes a user out of the organization and its projects, with their keys.",
  reference: `${REFERENCE}/delete`,
  run: deleteUser,
});
