// Replies of https://platform.openai.com/docs/api-reference/project-rate-limits.

export interface ProjectRateLimitObject {
  object: "project.rate_limit";
  id: string;
  model: string;
  /** 10,000,000,000 where there is no limit, as for all of them. */
  max_requests_per_1_minute: number;
  max_tokens_per_1_minute: number;
  max_requests_per_1_day?: number;
}
