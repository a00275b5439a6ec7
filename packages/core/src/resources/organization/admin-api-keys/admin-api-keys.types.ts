// Replies of https://platform.openai.com/docs/api-reference/admin-api-keys.

export interface AdminKeyObject {
  id: string;
  object: "organization.admin_api_key";
  name: string;
  redacted_value: string;
  /** Unix seconds. */
  created_at: number;
  expires_at: number | null;
  last_used_at: number | null;
  /** Without an id where no user has made it: the host itself, or its command line. */
  owner: { type: "user"; object: "organization.user"; id?: string; name?: string; created_at?: number; role: "owner" };
}

export interface AdminKeyCreated extends AdminKeyObject {
  /** The secret: shown in this reply alone. */
  value: string;
}

export interface AdminKeyDeleted {
  id: string;
  object: "organization.admin_api_key.deleted";
  deleted: true;
}
