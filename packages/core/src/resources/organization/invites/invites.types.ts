// Replies of https://platform.openai.com/docs/api-reference/invite.

export interface InviteObject {
  id: string;
  object: "organization.invite";
  email: string;
  role: "owner" | "reader";
  status: "accepted" | "expired" | "pending";
  projects: { id: string; role: "member" | "owner" }[];
  /** Unix seconds. */
  created_at: number;
  expires_at: number;
  accepted_at: number | null;
}

export interface InviteDeleted {
  id: string;
  object: "organization.invite.deleted";
  deleted: true;
}
