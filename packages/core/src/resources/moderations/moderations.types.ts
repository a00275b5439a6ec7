// Replies of https://platform.openai.com/docs/api-reference/moderations/object.

type TextCategory =
  | "harassment"
  | "harassment/threatening"
  | "hate"
  | "hate/threatening"
  | "illicit"
  | "illicit/violent"
  | "sexual/minors";
type SeenCategory =
  | "self-harm"
  | "self-harm/instructions"
  | "self-harm/intent"
  | "sexual"
  | "violence"
  | "violence/graphic";

export type ModerationCategory = TextCategory | SeenCategory;
export type ModerationInputType = "text" | "image";

export interface ModerationResult {
  /** True when any category is. */
  flagged: boolean;
  categories: Record<ModerationCategory, boolean>;
  /** From 0 to 1. */
  category_scores: Record<ModerationCategory, number>;
  category_applied_input_types: Record<TextCategory, "text"[]> & Record<SeenCategory, ModerationInputType[]>;
}

export interface ModerationList {
  id: string;
  model: string;
  results: ModerationResult[];
}
