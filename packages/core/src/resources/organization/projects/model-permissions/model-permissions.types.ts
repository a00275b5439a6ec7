// Replies of https://platform.openai.com/docs/api-reference/projects.

export interface ModelPermissions {
  object: "project.model_permissions";
  mode: "allow_list" | "deny_list";
  model_ids: string[];
}

export interface ModelPermissionsDeleted {
  object: "project.model_permissions.deleted";
  /** False where there was nothing to delete. */
  deleted: boolean;
}
