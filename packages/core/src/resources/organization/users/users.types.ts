// Replies of https://platform.openai.com/docs/api-reference/users.

export interface OrganizationUserObject {
  id: string;
  object: "organization.user";
  name: string;
  email: string;
  role: "owner" | "reader";
  /** Unix seconds. */
  added_at: number;
}

export interface OrganizationUserDeleted {
  id: string;
  object: "organization.user.deleted";
  deleted: true;
}
