import { bareOperation, jsonOperation } from "../../../../operation.ts";
import { adminPageQuery } from "../../common.schema.ts";
import { projectUserCreateRequest, projectUserUpdateRequest } from "./project-users.schema.ts";
import {
  createProjectUser,
  deleteProjectUser,
  listProjectUsers,
  modifyProjectUser,
  retrieveProjectUser,
} from "./project-users.service.ts";

const REFERENCE = "https://platform.openai.com/docs/api-reference/project-users";
const PATH = "/organization/projects/{project_id}/users";
const MAX_BYTES = 64 * 1024;
const users = { path: PATH, auth: "admin", streams: false } as const;
const user = { ...users, path: `${PATH}/{user_id}` } as const;

export const listProjectUsersOperation = bareOperation({
  ...users,
  id: "list-project-users",
  method: "GET",
  summary: "Lists a project's users, newest first.",
  reference: `${REFERENCE}/list`,
  query: adminPageQuery,
  run: listProjectUsers,
});

export const createProjectUserOperation = jsonOperation({
  ...users,
  id: "create-project-user",
  method: "POST",
  summary: "Adds a user of the organization to a project.",
  reference: `${REFERENCE}/create`,
  body: { schema: projectUserCreateRequest, maxBytes: MAX_BYTES },
  run: createProjectUser,
});

export const retrieveProjectUserOperation = bareOperation({
  ...user,
  id: "retrieve-project-user",
  method: "GET",
  summary: "Retrieves a project's user.",
  reference: `${REFERENCE}/retrieve`,
  run: retrieveProjectUser,
});

export const modifyProjectUserOperation = jsonOperation({
  ...user,
  id: "modify-project-user",
  method: "POST",
  summary: "Changes a user's role in a project.",
  reference: `${REFERENCE}/modify`,
  body: { schema: projectUserUpdateRequest, maxBytes: MAX_BYTES },
  run: modifyProjectUser,
});

export const deleteProjectUserOperation = bareOperation({
  ...user,
  id: "delete-project-user",
  method: "DELETE",
  summary: "Takes a user out of a project, with their keys for it.",
  reference: `${REFERENCE}/delete`,
  run: deleteProjectUser,
});
