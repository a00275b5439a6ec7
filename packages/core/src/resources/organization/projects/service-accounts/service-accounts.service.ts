import type { Call } from "../../../../call.ts";
import { refuseUnknown } from "../../../../engine/parameters.ts";
import { invalidRequest } from "../../../../errors/catalogue.ts";
import type { Reply } from "../../../../http/exchange.ts";
import { adminOf } from "../../../../identity/admin.ts";
import { newKey } from "../../../../identity/new-key.ts";
import { revokeKeysOf } from "../../../../identity/owned-keys.ts";
import { findActiveProject, findProject } from "../../../../identity/projects.ts";
import { SERVICE_ACCOUNTS, type ServiceAccountData } from "../../../../identity/records.ts";
import { findServiceAccount, serviceAccountKey } from "../../../../identity/service-accounts.ts";
import { newId, unixSeconds } from "../../../../ids.ts";
import { listPage, type PageQuery } from "../../../../pipeline/page.ts";
import { jsonReply } from "../../../../pipeline/reply.ts";
import type { StoredRecord } from "../../../../store/store.ts";
import { shownKey } from "./api-keys/shown-key.ts";
import {
  type ServiceAccountCreateRequest,
  type ServiceAccountUpdateRequest,
  serviceAccountCreateRequest,
  serviceAccountUpdateRequest,
} from "./service-accounts.schema.ts";
import type { ServiceAccountCreated, ServiceAccountDeleted, ServiceAccountObject } from "./service-accounts.types.ts";

/** https://platform.openai.com/docs/api-reference/project-service-accounts/list */
export async function listServiceAccounts(call: Call<unknown, PageQuery>): Promise<Reply> {
  const { store, owner, organization } = adminOf(call);
  const { id } = await findProject(store, organization, projectOf(call));
  const list = { collection: SERVICE_ACCOUNTS, owner, parent: id };
  return jsonReply(await listPage(store, list, call.query, serviceAccountObject));
}

/** https://platform.openai.com/docs/api-reference/project-service-accounts/create */
export async function createServiceAccount(call: Call<ServiceAccountCreateRequest>): Promise<Reply> {
  refuseUnknown(call.body, serviceAccountCreateRequest.shape);
  const { name, create_service_account_only: alone, expires_in_seconds: expiresInSeconds = null } = call.body;
  if (alone && expiresInSeconds !== null) {
    const message = "'expires_in_seconds' cannot be used when 'create_service_account_only' is true.";
    throw invalidRequest(message, "expires_in_seconds", "invalid_value");
  }
  const { store, organization, commit } = adminOf(call);
  const created = await commit(async () => {
    const { id: projectId, data: project } = await findActiveProject(store, organization, projectOf(call));
    const place = { id: projectId, name: project.name };
    const id = newId("svc_acct_");
    const createdAt = unixSeconds();
    const role = alone ? "none" : "member";
    const data: ServiceAccountData = { name, role };
    const owner = { type: "service_account", id } as const;
    const key = alone
      ? null
      : await newKey({ organization, project: place }, { name: "Secret Key", owner, expiresInSeconds, createdAt });
    const account = { ...serviceAccountKey(organization, projectId, id), createdAt, data };
    const details = { data: { role } };
    const result: ServiceAccountCreated = {
      id,
      object: "organization.project.service_account",
      name,
      role,
      created_at: createdAt,
      api_key: key && shownKey(key),
    };
    return {
      changes: [{ insert: account }, ...(key?.changes ?? [])],
      events: [{ type: "service_account.created", resource: id, project: place, details }, ...(key ? [key.event] : [])],
      result,
    };
  });
  return jsonReply(created);
}

/** https://platform.openai.com/docs/api-reference/project-service-accounts/retrieve */
export async function retrieveServiceAccount(call: Call): Promise<Reply> {
  const { store, organization } = adminOf(call);
  const { id } = await findProject(store, organization, projectOf(call));
  return jsonReply(serviceAccountObject(await findServiceAccount(store, organization, id, idOf(call))));
}

/** https://platform.openai.com/docs/api-reference/project-service-accounts/update */
export async function updateServiceAccount(call: Call<ServiceAccountUpdateRequest>): Promise<Reply> {
  refuseUnknown(call.body, serviceAccountUpdateRequest.shape);
  const { store, organization, commit } = adminOf(call);
  const updated = await commit(async () => {
    const { id: projectId, data: project } = await findActiveProject(store, organization, projectOf(call));
    const record = await findServiceAccount(store, organization, projectId, idOf(call));
    const former = record.data as ServiceAccountData;
    const { name = former.name, role = former.role } = call.body;
    const data: ServiceAccountData = { name, role };
    const key = serviceAccountKey(organization, projectId, record.id);
    const place = { id: projectId, name: project.name };
    const details = { changes_requested: { role } };
    return {
      changes: [{ replace: { ...key, version: record.version, data } }],
      events: [{ type: "service_account.updated", resource: record.id, project: place, details }],
      result: serviceAccountObject({ ...record, data }),
    };
  });
  return jsonReply(updated);
}

/** https://platform.openai.com/docs/api-reference/project-service-accounts/delete */
export async function deleteServiceAccount(call: Call): Promise<Reply> {
  const { store, organization, commit } = adminOf(call);
  const deleted = await commit(async () => {
    const { id: projectId, data: project } = await findActiveProject(store, organization, projectOf(call));
    const { id } = await findServiceAccount(store, organization, projectId, idOf(call));
    const place = { id: projectId, name: project.name };
    const result: ServiceAccountDeleted = { id, object: "organization.project.service_account.deleted", deleted: true };
    return {
      changes: [
        { delete: serviceAccountKey(organization, projectId, id) },
        ...(await revokeKeysOf(store, { organization, project: projectId }, id)),
      ],
      events: [{ type: "service_account.deleted", resource: id, project: place }],
      revoked: [id],
      result,
    };
  });
  return jsonReply(deleted);
}

function projectOf({ params }: Pick<Call, "params">): string {
  return params.project_id ?? "";
}

function idOf({ params }: Pick<Call, "params">): string {
  return params.service_account_id ?? "";
}

function serviceAccountObject({ id, createdAt, data }: StoredRecord): ServiceAccountObject {
  const { name, role } = data as ServiceAccountData;
  return { id, object: "organization.project.service_account", name, role, created_at: createdAt };
}
