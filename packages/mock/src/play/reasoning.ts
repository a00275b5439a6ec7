import type { ChatCompletionRequest } from "@outlet/core";
import { hash } from "../hash.ts";

const BUDGET: Readonly<Record<string, number>> = {
  none: 0,
  minimal: 0,
  low: 64,
  medium: 256,
  high: 768,
  xhigh: 1536,
  max: 3072,
};

/** Tokens that a reasoning model would have spent before its answer; at most half of what it may use. */
export function reasoningTokens(request: ChatCompletionRequest, limit: number): number {
  if (!isReasoningModel(request.model)) return 0;
  const effort = request.reasoning_effort ?? usualEffort(request.model);
  const budget = BUDGET[effort] ?? 0;
  if (budget === 0) return 0;
  const last = request.messages.at(-1)?.content;
  const text = typeof last === "string" ? last : JSON.stringify(last ?? "");
  const spent = budget - (hash(text) % (budget / 4));
  return Math.min(spent, Math.floor(limit / 2));
}

function isReasoningModel(model: string): boolean {
  return /^(?:o\d|gpt-5(?!.*-chat)|gpt-oss)/.test(model);
}

/** From GPT-5.1 on, models reason only when they are asked to. */
function usualEffort(model: string): string {
  return /^gpt-5\.\d/.test(model) ? "none" : "medium";
}
