import type { Call } from "../../../../../call.ts";
import { refuseUnknown } from "../../../../../engine/parameters.ts";
import type { Reply } from "../../../../../http/exchange.ts";
import { adminOf, refuseAsked } from "../../../../../identity/admin.ts";
import { newKey } from "../../../../../identity/new-key.ts";
import { refuseTooManyKeys } from "../../../../../identity/owned-keys.ts";
import { findActiveProject } from "../../../../../identity/projects.ts";
import { findServiceAccount, serviceAccountKey } from "../../../../../identity/service-accounts.ts";
import { unixSeconds } from "../../../../../ids.ts";
import { jsonReply } from "../../../../../pipeline/reply.ts";
import { type ServiceAccountKeyCreateRequest, serviceAccountKeyCreateRequest } from "./service-account-keys.schema.ts";
import { shownKey } from "./shown-key.ts";

/** https://platform.openai.com/docs/api-reference/project-service-accounts/create-api-key */
export async function createServiceAccountKey(call: Call<ServiceAccountKeyCreateRequest>): Promise<Reply> {
  refuseUnknown(call.body, serviceAccountKeyCreateRequest.shape);
  refuseAsked(call.body, ["scopes"]);
  const { name = "Secret Key", expires_in_seconds: expiresInSeconds = null } = call.body;
  const { store, organization, commit } = adminOf(call);
  const { project_id = "", service_account_id = "" } = call.params;
  const created = await commit(async () => {
    const { id, data } = await findActiveProject(store, organization, project_id);
    const account = await findServiceAccount(store, organization, id, service_account_id);
    await refuseTooManyKeys(store, { organization, project: id }, account.id);
    const owner = { type: "service_account", id: account.id } as const;
    const place = { organization, project: { id, name: data.name } };
    const key = await newKey(place, { name, owner, expiresInSeconds, createdAt: unixSeconds() });
    // The account as it is, written again: a key of one that is deleted meanwhile would be nobody's.
    const { version } = account;
    const held = { replace: { ...serviceAccountKey(organization, id, account.id), version } };
    return { changes: [held, ...key.changes], events: [key.event], result: shownKey(key) };
  });
  return jsonReply(created);
}
