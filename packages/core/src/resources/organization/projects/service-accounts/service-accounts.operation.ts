import { bareOperation, jsonOperation } from "../../../../operation.ts";
import { adminPageQuery } from "../../common.schema.ts";
import { serviceAccountCreateRequest, serviceAccountUpdateRequest } from "./service-accounts.schema.ts";
import {
  createServiceAccount,
  deleteServiceAccount,
  listServiceAccounts,
  retrieveServiceAccount,
  updateServiceAccount,
} from "./service-accounts.service.ts";

const REFERENCE = "https://platform.openai.com/docs/api-reference/project-service-accounts";
const PATH = "/organization/projects/{project_id}/service_accounts";
const MAX_BYTES = 64 * 1024;
const accounts = { path: PATH, auth: "admin", streams: false } as const;
const account = { ...accounts, path: `${PATH}/{service_account_id}` } as const;

export const listServiceAccountsOperation = bareOperation({
  ...accounts,
  id: "list-project-service-accounts",
  method: "GET",
  summary: "Lists a project's service accounts, newest first.",
  reference: `${REFERENCE}/list`,
  query: adminPageQuery,
  run: listServiceAccounts,
});

export const createServiceAccountOperation = jsonOperation({
  ...accounts,
  id: "create-project-service-account",
  method: "POST",
  summary: "Creates a service account, with an API key that is shown once.",
  reference: `${REFERENCE}/create`,
  body: { schema: serviceAccountCreateRequest, maxBytes: MAX_BYTES },
  run: createServiceAccount,
});

export const retrieveServiceAccountOperation = bareOperation({
  ...account,
  id: "retrieve-project-service-account",
  method: "GET",
  summary: "Retrieves a service account.",
  reference: `${REFERENCE}/retrieve`,
  run: retrieveServiceAccount,
});

export const updateServiceAccountOperation = jsonOperation({
  ...account,
  id: "update-project-service-account",
  method: "POST",
  summary: "Changes a service account's name or role.",
  reference: `${REFERENCE}/update`,
  body: { schema: serviceAccountUpdateRequest, maxBytes: MAX_BYTES },
  run: updateServiceAccount,
});

export const deleteServiceAccountOperation = bareOperation({
  ...account,
  id: "delete-project-service-account",
  method: "DELETE",
  summary: "Deletes a service account and revokes its keys.",
  reference: `${REFERENCE}/delete`,
  run: deleteServiceAccount,
});
