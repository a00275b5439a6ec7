// Replies of https://platform.openai.com/docs/api-reference/projects.

export interface ProjectObject {
  id: string;
  object: "organization.project";
  name: string;
  /** Unix seconds. */
  created_at: number;
  archived_at: number | null;
  status: "active" | "archived";
}
