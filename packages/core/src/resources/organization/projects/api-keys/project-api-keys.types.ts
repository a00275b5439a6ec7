// Replies of https://platform.openai.com/docs/api-reference/project-api-keys.

export interface ProjectKeyObject {
  id: string;
  object: "organization.project.api_key";
  name: string;
  redacted_value: string;
  /** Unix seconds. */
  created_at: number;
  expires_at: number | null;
  last_used_at: number | null;
  owner: ProjectKeyOwner;
  /** `inactive`: whoever it was made for has left the project, and the key opens nothing. */
  owner_project_access: "active" | "inactive";
}

export type ProjectKeyOwner =
  | { type: "service_account"; service_account?: { id: string; name: string; role: string; created_at: number } }
  | { type: "user"; user?: { id: string; name: string; email: string; role: string; created_at: number } };

export interface ProjectKeyDeleted {
  id: string;
  object: "organization.project.api_key.deleted";
  deleted: true;
}
