/** A page of buckets. https://platform.openai.com/docs/api-reference/usage */
export interface UsagePage<Result> {
  object: "page";
  data: UsageBucket<Result>[];
  has_more: boolean;
  next_page: string | null;
}

export interface UsageBucket<Result> {
  object: "bucket";
  /** Unix seconds. */
  start_time: number;
  /** Unix seconds, exclusive. */
  end_time: number;
  /** One for each group that something was consumed in. */
  results: Result[];
}

/** What a result is of; `null` where it was not asked to be told apart by that. */
interface Grouped {
  project_id: string | null;
  user_id: string | null;
  api_key_id: string | null;
}

interface OfModel extends Grouped {
  model: string | null;
  num_model_requests: number;
}

/** https://platform.openai.com/docs/api-reference/usage/completions_object */
export interface CompletionsUsage extends OfModel {
  object: "organization.usage.completions.result";
  input_tokens: number;
  input_cached_tokens: number;
  input_audio_tokens: number;
  output_tokens: number;
  output_audio_tokens: number;
  batch: boolean | null;
}

/** https://platform.openai.com/docs/api-reference/usage/embeddings_object */
export interface EmbeddingsUsage extends OfModel {
  object: "organization.usage.embeddings.result";
  input_tokens: number;
}

/** https://platform.openai.com/docs/api-reference/usage/moderations_object */
export interface ModerationsUsage extends OfModel {
  object: "organization.usage.moderations.result";
  input_tokens: number;
}

/** https://platform.openai.com/docs/api-reference/usage/costs_object */
export interface Costs extends Grouped {
  object: "organization.costs.result";
  amount: { value: number; currency: "usd" };
  line_item: string | null;
}
