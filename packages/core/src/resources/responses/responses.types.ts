import type { InputItem } from "../../items/input-item.schema.ts";
import type { Item, ItemOf } from "../../items/item.types.ts";
import type { ListPage } from "../../pipeline/page.ts";
import type { ModerationResult } from "../moderations/moderations.types.ts";
import type { ResponseRequest } from "./responses.schema.ts";
import type { ResponseTool, ResponseToolChoice } from "./responses.tools.schema.ts";

// Replies of https://platform.openai.com/docs/api-reference/responses. Held against the official SDK's types by a type test.

export type ResponseStatus = "completed" | "failed" | "in_progress" | "cancelled" | "queued" | "incomplete";
export type ItemStatus = "in_progress" | "completed" | "incomplete";

export interface TokenLogprob {
  token: string;
  bytes: number[];
  logprob: number;
  top_logprobs: { token: string; bytes: number[]; logprob: number }[];
}

export interface UrlCitation {
  type: "url_citation";
  start_index: number;
  end_index: number;
  title: string;
  url: string;
}

export interface OutputText {
  type: "output_text";
  annotations: UrlCitation[];
  logprobs: TokenLogprob[];
  text: string;
}

export interface OutputRefusal {
  type: "refusal";
  refusal: string;
}

export interface OutputMessage {
  id: string;
  type: "message";
  status: ItemStatus;
  role: "assistant";
  content: (OutputText | OutputRefusal)[];
}

export interface FunctionCall {
  id: string;
  type: "function_call";
  status: ItemStatus;
  call_id: string;
  name: string;
  arguments: string;
}

export interface CustomToolCall {
  id: string;
  type: "custom_tool_call";
  status: ItemStatus;
  call_id: string;
  name: string;
  input: string;
}

export interface ReasoningItem {
  id: string;
  type: "reasoning";
  summary: { type: "summary_text"; text: string }[];
  content?: { type: "reasoning_text"; text: string }[];
  encrypted_content?: string;
  status?: ItemStatus;
}

/** What a model made, in the order it made it. */
export type OutputItem =
  | OutputMessage
  | FunctionCall
  | CustomToolCall
  | ReasoningItem
  | ItemOf<"compaction" | "mcp_list_tools" | "mcp_call" | "mcp_approval_request">;

export interface ResponseUsage {
  input_tokens: number;
  input_tokens_details: { cached_tokens: number; cache_write_tokens: number };
  output_tokens: number;
  output_tokens_details: { reasoning_tokens: number };
  total_tokens: number;
}

/** Why a response failed. */
export interface ResponseFailure {
  code: "server_error" | "rate_limit_exceeded" | "invalid_prompt";
  message: string;
}

type ModerationSide =
  | (ModerationResult & { type: "moderation_result"; model: string })
  | { type: "error"; code: string; message: string };

/** What moderation says of what a request adds, and of the answer. */
export interface ResponseModeration {
  input: ModerationSide;
  output: ModerationSide;
}

type Asked = ResponseRequest;

export interface ResponseObject {
  id: string;
  object: "response";
  /** Unix seconds. */
  created_at: number;
  status: ResponseStatus;
  access_programs: null;
  background: boolean;
  /** Unix seconds. */
  completed_at: number | null;
  conversation: { id: string } | null;
  error: ResponseFailure | null;
  incomplete_details: { reason: "max_output_tokens" | "content_filter" } | null;
  instructions: string | InputItem[] | null;
  max_output_tokens: number | null;
  max_tool_calls: number | null;
  /** The model that answered. */
  model: string;
  /** From the last event on, where it was asked for. */
  moderation?: ResponseModeration | null;
  output: OutputItem[];
  parallel_tool_calls: boolean;
  previous_response_id: string | null;
  prompt_cache_key?: string | null;
  prompt_cache_retention?: "in_memory" | "24h" | null;
  reasoning: { effort: NonNullable<Asked["reasoning"]>["effort"]; summary: "auto" | "concise" | "detailed" | null };
  safety_identifier?: string | null;
  service_tier: Exclude<Asked["service_tier"], undefined>;
  store: boolean;
  temperature: number | null;
  text: { format: NonNullable<NonNullable<Asked["text"]>["format"]>; verbosity?: "low" | "medium" | "high" | null };
  tool_choice: ResponseToolChoice;
  tools: ResponseTool[];
  top_logprobs: number;
  top_p: number | null;
  truncation: "auto" | "disabled";
  /** From the last event on. */
  usage?: ResponseUsage;
  user?: string;
  metadata: Record<string, string>;
}

export interface ResponseDeleted {
  id: string;
  object: "response";
  deleted: true;
}

export interface InputTokens {
  object: "response.input_tokens";
  input_tokens: number;
}

export type InputItemList = ListPage<Item>;
