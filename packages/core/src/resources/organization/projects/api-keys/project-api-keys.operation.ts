import { bareOperation, jsonOperation } from "../../../../operation.ts";
import { projectKeyListQuery, projectKeyUpdateRequest } from "./project-api-keys.schema.ts";
import { deleteProjectKey, listProjectKeys, retrieveProjectKey, updateProjectKey } from "./project-api-keys.service.ts";

const REFERENCE = "https://platform.openai.com/docs/api-reference/project-api-keys";
const PATH = "/organization/projects/{project_id}/api_keys";
const keys = { path: PATH, auth: "admin", streams: false } as const;
const key = { ...keys, path: `${PATH}/{api_key_id}` } as const;

export const listProjectKeysOperation = bareOperation({
  ...keys,
  id: "list-project-api-keys",
  method: "GET",
  summary: "Lists a project's API keys, newest first, without their secrets.",
  reference: `${REFERENCE}/list`,
  query: projectKeyListQuery,
  run: listProjectKeys,
});

export const retrieveProjectKeyOperation = bareOperation({
  ...key,
  id: "retrieve-project-api-key",
  method: "GET",
  summary: "Retrieves a project's API key, without its secret.",
  reference: `${REFERENCE}/retrieve`,
  run: retrieveProjectKey,
});

export const updateProjectKeyOperation = jsonOperation({
  ...key,
  id: "update-project-api-key",
  method: "POST",
  summary: "Changes when a project's API key expires.",
  reference: `${REFERENCE}/update`,
  body: { schema: projectKeyUpdateRequest, maxBytes: 64 * 1024 },
  run: updateProjectKey,
});

export const deleteProjectKeyOperation = bareOperation({
  ...key,
  id: "delete-project-api-key",
  method: "DELETE",
  summary: "Revokes a project's API key.",
  reference: `${REFERENCE}/delete`,
  run: deleteProjectKey,
});
