import type { ServiceAccountKeyObject } from "./api-keys/service-account-keys.types.ts";

// Replies of https://platform.openai.com/docs/api-reference/project-service-accounts.

export interface ServiceAccountObject {
  id: string;
  object: "organization.project.service_account";
  name: string;
  role: "owner" | "member" | "none";
  /** Unix seconds. */
  created_at: number;
}

export interface ServiceAccountCreated extends ServiceAccountObject {
  role: "member" | "none";
  /** Null where none was asked for. */
  api_key: ServiceAccountKeyObject | null;
}

export interface ServiceAccountDeleted {
  id: string;
  object: "organization.project.service_account.deleted";
  deleted: true;
}
