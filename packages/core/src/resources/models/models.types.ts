// Replies of https://platform.openai.com/docs/api-reference/models.

export interface Model {
  id: string;
  object: "model";
  /** Unix seconds. */
  created: number;
  owned_by: string;
}

export interface ModelList {
  object: "list";
  data: Model[];
}

export interface ModelDeleted {
  id: string;
  object: "model";
  deleted: true;
}
