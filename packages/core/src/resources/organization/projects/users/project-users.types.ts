// Replies of https://platform.openai.com/docs/api-reference/project-users.

export interface ProjectUserObject {
  id: string;
  object: "organization.project.user";
  name: string;
  email: string;
  role: "owner" | "member";
  /** Unix seconds. */
  added_at: number;
}

export interface ProjectUserDeleted {
  id: string;
  object: "organization.project.user.deleted";
  deleted: true;
}
