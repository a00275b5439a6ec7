import type { CompletionUsage } from "../../../ledger/usage.ts";
import type { Metadata } from "../../metadata.ts";
import type { ModerationResult } from "../../moderations/moderations.types.ts";
import type { ChatCompletionRequest } from "./chat-completions.schema.ts";

// Replies of https://platform.openai.com/docs/api-reference/chat. Held against the official SDK's types by a type test.

export type ChatFinishReason = "stop" | "length" | "tool_calls" | "content_filter" | "function_call";
export type ServiceTier = "auto" | "default" | "fast" | "flex" | "scale" | "priority";

export interface TokenLogprob {
  token: string;
  bytes: number[] | null;
  logprob: number;
  top_logprobs: { token: string; bytes: number[] | null; logprob: number }[];
}

export interface ChatLogprobs {
  content: TokenLogprob[] | null;
  refusal: TokenLogprob[] | null;
}

export type ChatToolCall =
  | { id: string; type: "function"; function: { name: string; arguments: string } }
  | { id: string; type: "custom"; custom: { name: string; input: string } };

export interface ChatCompletionMessage {
  role: "assistant";
  content: string | null;
  refusal: string | null;
  annotations?: {
    type: "url_citation";
    url_citation: { start_index: number; end_index: number; title: string; url: string };
  }[];
  audio?: { id: string; data: string; expires_at: number; transcript: string } | null;
  function_call?: { name: string; arguments: string } | null;
  tool_calls?: ChatToolCall[];
}

export interface ChatChoice {
  index: number;
  message: ChatCompletionMessage;
  logprobs: ChatLogprobs | null;
  finish_reason: ChatFinishReason;
}

export interface ChatModerationResults {
  type: "moderation_results";
  /** The moderation model. */
  model: string;
  results: (ModerationResult & { type: "moderation_result"; model: string })[];
}

export interface ChatModerationError {
  type: "error";
  code: string;
  message: string;
}

/** What moderation says of a call that asked for it: of the input as a whole, of each choice. */
export interface ChatModeration {
  input: ChatModerationResults | ChatModerationError;
  output: ChatModerationResults | ChatModerationError;
}

export interface ChatCompletion {
  id: string;
  object: "chat.completion";
  /** Unix seconds. */
  created: number;
  model: string;
  choices: ChatChoice[];
  usage?: CompletionUsage;
  moderation?: ChatModeration | null;
  service_tier?: ServiceTier | null;
  system_fingerprint?: string;
}

/** A completion that was kept, with what was asked for. */
export interface StoredChatCompletion extends ChatCompletion {
  metadata: Metadata;
  /** `x-request-id` of the reply it was. */
  request_id: string;
  /** The request's parameters; null where it had none. */
  frequency_penalty: number | null;
  input_user: string | null;
  presence_penalty: number | null;
  response_format: ChatCompletionRequest["response_format"] | null;
  seed: number | null;
  temperature: number | null;
  tool_choice: ChatCompletionRequest["tool_choice"] | null;
  tools: ChatCompletionRequest["tools"] | null;
  top_p: number | null;
}

export interface ChatCompletionDeleted {
  id: string;
  object: "chat.completion.deleted";
  deleted: true;
}

export interface ChatToolCallDelta {
  index: number;
  id?: string;
  type?: "function" | "custom";
  function?: { name?: string; arguments?: string };
  /** The streamed twin of a custom tool call; the service sends it, the SDK's chunk type does not list it. */
  custom?: { name?: string; input?: string };
}

export interface ChatDelta {
  role?: "assistant";
  content?: string | null;
  refusal?: string | null;
  function_call?: { name?: string; arguments?: string };
  tool_calls?: ChatToolCallDelta[];
}

export interface ChatChunkChoice {
  index: number;
  delta: ChatDelta;
  logprobs?: ChatLogprobs | null;
  finish_reason: ChatFinishReason | null;
}

export interface ChatCompletionChunk {
  id: string;
  object: "chat.completion.chunk";
  /** Unix seconds. */
  created: number;
  model: string;
  choices: ChatChunkChoice[];
  usage?: CompletionUsage | null;
  moderation?: ChatModeration | null;
  service_tier?: ServiceTier | null;
  system_fingerprint?: string;
}
