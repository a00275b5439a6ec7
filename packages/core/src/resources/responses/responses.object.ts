import type { ApiError } from "../../errors/api-error.ts";
import { unixSeconds } from "../../ids.ts";
import type { Includable } from "../../items/include.ts";
import type { CompletionUsage } from "../../ledger/usage.ts";
import { tokenCount } from "../../ledger/usage.ts";
import type { ResponseRequest } from "./responses.schema.ts";
import type { ResponseTool } from "./responses.tools.schema.ts";
import type { OutputItem, ResponseFailure, ResponseObject, ResponseUsage } from "./responses.types.ts";

/** The response as it is before the model has said anything: what was asked, with the defaults spelt out. */
export function newResponse(id: string, request: ResponseRequest, model: string): ResponseObject {
  const { conversation, reasoning, text, top_logprobs, prompt_cache_key, prompt_cache_retention } = request;
  const conversationId = typeof conversation === "string" ? conversation : conversation?.id;
  return {
    id,
    object: "response",
    created_at: unixSeconds(),
    status: "in_progress",
    access_programs: null,
    background: request.background ?? false,
    completed_at: null,
    conversation: conversationId === undefined ? null : { id: conversationId },
    error: null,
    incomplete_details: null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    max_tool_calls: request.max_tool_calls ?? null,
    model,
    output: [],
    parallel_tool_calls: request.parallel_tool_calls ?? true,
    previous_response_id: request.previous_response_id ?? null,
    prompt_cache_key: prompt_cache_key ?? null,
    ...(prompt_cache_retention && { prompt_cache_retention }),
    reasoning: {
      effort: reasoning?.effort ?? null,
      summary: reasoning?.summary ?? reasoning?.generate_summary ?? null,
    },
    safety_identifier: request.safety_identifier ?? null,
    service_tier: "default",
    store: request.store ?? true,
    temperature: request.temperature ?? 1,
    text: { format: text?.format ?? { type: "text" }, ...(text?.verbosity && { verbosity: text.verbosity }) },
    tool_choice: request.tool_choice ?? "auto",
    tools: (request.tools ?? []).map(shownTool),
    top_logprobs: top_logprobs ?? 0,
    top_p: request.top_p ?? 1,
    truncation: request.truncation ?? "disabled",
    ...(request.user !== undefined && { user: request.user }),
    metadata: request.metadata ?? {},
  };
}

/** A function is shown with all that the API's own type has; secrets of a remote server's are not shown. */
function shownTool(tool: ResponseTool): ResponseTool {
  if (tool.type === "mcp") {
    const { authorization: _authorization, headers: _headers, ...shown } = tool;
    return shown;
  }
  if (tool.type !== "function") return tool;
  const { description = null, parameters = null, strict = null } = tool;
  return { ...tool, description, parameters, strict };
}

export function responseUsage(usage: CompletionUsage): ResponseUsage {
  const { prompt_tokens, completion_tokens, prompt_tokens_details, completion_tokens_details } = usage;
  return {
    input_tokens: prompt_tokens,
    input_tokens_details: {
      cached_tokens: tokenCount(prompt_tokens_details?.cached_tokens),
      cache_write_tokens: tokenCount(prompt_tokens_details?.cache_write_tokens),
    },
    output_tokens: completion_tokens,
    output_tokens_details: { reasoning_tokens: tokenCount(completion_tokens_details?.reasoning_tokens) },
    total_tokens: prompt_tokens + completion_tokens,
  };
}

/** What a model consumed that was asked more than once. */
export function addedUsage(former: ResponseUsage | undefined, usage: ResponseUsage): ResponseUsage {
  if (!former) return usage;
  return {
    input_tokens: former.input_tokens + usage.input_tokens,
    input_tokens_details: {
      cached_tokens: former.input_tokens_details.cached_tokens + usage.input_tokens_details.cached_tokens,
      cache_write_tokens:
        former.input_tokens_details.cache_write_tokens + usage.input_tokens_details.cache_write_tokens,
    },
    output_tokens: former.output_tokens + usage.output_tokens,
    output_tokens_details: {
      reasoning_tokens: former.output_tokens_details.reasoning_tokens + usage.output_tokens_details.reasoning_tokens,
    },
    total_tokens: former.total_tokens + usage.total_tokens,
  };
}

/** What is told of a failure in the response itself, whose codes are few. */
export function responseFailure({ status, message }: ApiError): ResponseFailure {
  const code = status === 429 ? "rate_limit_exceeded" : status < 500 ? "invalid_prompt" : "server_error";
  return { code, message };
}

/** The response without its encrypted thoughts, unless they are asked for. */
export function responseWith(response: ResponseObject, include: readonly Includable[] | null = []): ResponseObject {
  return { ...response, output: response.output.map((item) => outputWith(item, include)) };
}

export function outputWith(item: OutputItem, include: readonly Includable[] | null = []): OutputItem {
  if (item.type !== "reasoning" || include?.includes("reasoning.encrypted_content")) return item;
  const { encrypted_content: _, ...shown } = item;
  return shown;
}
