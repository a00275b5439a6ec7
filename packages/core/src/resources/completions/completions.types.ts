import type { CompletionUsage } from "../../ledger/usage.ts";

// Replies of https://platform.openai.com/docs/api-reference/completions. A streamed chunk has the same shape.

export interface CompletionLogprobs {
  tokens?: string[];
  token_logprobs?: number[];
  top_logprobs?: Record<string, number>[];
  text_offset?: number[];
}

export type CompletionFinishReason = "stop" | "length" | "content_filter";

export interface CompletionChoice {
  index: number;
  text: string;
  logprobs: CompletionLogprobs | null;
  finish_reason: CompletionFinishReason;
}

export interface Completion {
  id: string;
  object: "text_completion";
  /** Unix seconds. */
  created: number;
  model: string;
  choices: CompletionChoice[];
  usage?: CompletionUsage;
  system_fingerprint?: string;
}

/** `finish_reason` is null until a choice's last chunk: what is sent, although the SDK types it as never null. */
export interface CompletionChunk extends Omit<Completion, "choices" | "usage"> {
  choices: (Omit<CompletionChoice, "finish_reason"> & { finish_reason: CompletionFinishReason | null })[];
  usage?: CompletionUsage | null;
}
