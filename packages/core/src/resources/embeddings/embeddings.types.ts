// Replies of https://platform.openai.com/docs/api-reference/embeddings.

export interface EmbeddingList {
  object: "list";
  model: string;
  data: { object: "embedding"; index: number; embedding: number[] }[];
  usage: { prompt_tokens: number; total_tokens: number };
}
