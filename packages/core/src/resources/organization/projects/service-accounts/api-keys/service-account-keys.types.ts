// Replies of https://platform.openai.com/docs/api-reference/project-service-accounts.

export interface ServiceAccountKeyObject {
  id: string;
  object: "organization.project.service_account.api_key";
  /** The secret: shown in this reply alone. */
  value: string;
  name: string;
  /** Unix seconds. */
  created_at: number;
  expires_at: number | null;
}
