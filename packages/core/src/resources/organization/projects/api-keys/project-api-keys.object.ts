import type { Admin } from "../../../../identity/admin.ts";
import {
  type KeyData,
  PROJECT_USERS,
  type ProjectUserData,
  type ServiceAccountData,
  USERS,
  type UserData,
} from "../../../../identity/records.ts";
import { serviceAccountKey } from "../../../../identity/service-accounts.ts";
import type { StoredRecord } from "../../../../store/store.ts";
import type { ProjectKeyObject, ProjectKeyOwner } from "./project-api-keys.types.ts";

/** A key as the API shows it, with whoever it was made for. */
export async function projectKeyObject(
  admin: Admin,
  { id, parent, createdAt, data }: Pick<StoredRecord, "id" | "parent" | "createdAt" | "data">,
): Promise<ProjectKeyObject> {
  const key = data as KeyData;
  const owner = await ownerOfKey(admin, parent, key);
  const there = owner.type === "user" ? owner.user : owner.service_account;
  return {
    id,
    object: "organization.project.api_key",
    name: key.name,
    redacted_value: key.redacted,
    created_at: createdAt,
    expires_at: key.expiresAt,
    last_used_at: key.lastUsedAt,
    owner,
    owner_project_access: there ? "active" : "inactive",
  };
}

/** Without its account or user where that is gone. */
async function ownerOfKey(
  { store, organization, owner }: Admin,
  project: string,
  { owner: holder }: KeyData,
): Promise<ProjectKeyOwner> {
  if (holder?.type === "user") {
    const { id } = holder;
    const [member, user] = await Promise.all([
      store.get({ collection: PROJECT_USERS, owner, parent: project, id }),
      store.get({ collection: USERS, owner, id }),
    ]);
    if (!member || !user) return { type: "user" };
    const { name, email } = user.data as UserData;
    const { role } = member.data as ProjectUserData;
    return { type: "user", user: { id, name, email, role, created_at: user.createdAt } };
  }
  const account = holder && (await store.get(serviceAccountKey(organization, project, holder.id)));
  if (!account) return { type: "service_account" };
  const { name, role } = account.data as ServiceAccountData;
  const { id, createdAt } = account;
  return { type: "service_account", service_account: { id, name, role, created_at: createdAt } };
}
