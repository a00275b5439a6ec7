import type { ModelCall } from "../../call.ts";
import { invalidRequest, missingParameter, unknownParameter, unsupportedParameter } from "../../errors/catalogue.ts";
import { nobodyModerates } from "../../errors/moderation.ts";
import type { Item } from "../../items/item.types.ts";
import type { ResolvedModel } from "../../models/registry.ts";
import { requestedModeration } from "../../moderation/requested.ts";
import { compactThreshold } from "./compaction/automatic.ts";
import { type ResponseRequest, responseRequest } from "./responses.schema.ts";

/** 400s that no schema of single fields can see. */
export function refuseContradictions(request: ResponseRequest): asserts request is ResponseRequest & { model: string } {
  const { stream, stream_options, input, previous_response_id, conversation, prompt, tools, tool_choice } = request;
  if (request.model === undefined) throw missingParameter("model");
  if (stream_options && !stream) {
    throw invalidRequest("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options");
  }
  if (previous_response_id && conversation) {
    throw invalidRequest(
      "Mutually exclusive parameters: 'previous_response_id' and 'conversation'. Send one of them.",
      "previous_response_id",
      "mutually_exclusive_parameters",
    );
  }
  if (input === undefined && !previous_response_id && !conversation && !prompt) {
    throw invalidRequest(
      "One of 'input', 'previous_response_id', 'conversation' or 'prompt' must be provided.",
      "input",
      "missing_required_parameter",
    );
  }
  if (tool_choice && tool_choice !== "none" && tool_choice !== "auto" && !tools?.length) {
    throw invalidRequest("'tool_choice' is only allowed when 'tools' are specified.", "tool_choice");
  }
}

/** What a model needs Responses of its own for; the rest is asked of it as a chat. */
export function refuseUnsupported(
  request: ResponseRequest & { model: string },
  target: ResolvedModel,
  call: ModelCall,
): void {
  for (const name of Object.keys(request)) {
    if (!Object.hasOwn(responseRequest.shape, name)) throw unknownParameter(name.slice(0, 64));
  }
  const refuse = (param: string) => unsupportedParameter(param, request.model);
  const { reasoning, prompt_cache_options: cache, image, truncation } = request;
  if (request.prompt) throw refuse("prompt");
  const { moderation } = request;
  if (moderation && !requestedModeration(moderation, call)) {
    throw unsupportedParameter("moderation", request.model, nobodyModerates(moderation.model));
  }
  if (request.access_programs) throw refuse("access_programs");
  compactThreshold(request, target);
  if (request.service_tier === "ultrafast") throw refuse("service_tier");
  const uncounted = target.contextWindow === null || (target.tokenizer ?? call.services.tokenizer).approximate;
  if (truncation === "auto" && uncounted) {
    const hint = "Nobody knows its context window, or counts its tokens.";
    throw unsupportedParameter("truncation", request.model, hint);
  }
  if (image?.context_compression === "enabled") throw refuse("image.context_compression");
  if (cache?.comparison_response_id) throw refuse("prompt_cache_options.comparison_response_id");
  if (cache?.prewarm) throw refuse("prompt_cache_options.prewarm");
  if (cache?.ttl === "12h") throw refuse("prompt_cache_options.ttl");
  for (const name of ["summary", "generate_summary"] as const) {
    const asked = reasoning?.[name];
    if (asked && asked !== "auto") throw refuse(`reasoning.${name}`);
  }
  if (reasoning?.mode && reasoning.mode !== "standard") throw refuse("reasoning.mode");
}

/** Every call has its output and every output its call: a model cannot be asked to go on otherwise. */
export function refuseOrphans(items: readonly Item[]): void {
  const open = new Map<string, string>();
  for (const item of items) {
    if (item.type === "function_call" || item.type === "custom_tool_call") open.set(item.call_id, item.type);
    if (item.type !== "function_call_output" && item.type !== "custom_tool_call_output") continue;
    const callId = item.call_id ?? "";
    const kind = item.type === "function_call_output" ? "function call" : "custom tool call";
    if (!open.delete(callId)) {
      throw invalidRequest(`No tool call found for ${kind} output with call_id ${callId}.`, "input");
    }
  }
  for (const [callId, type] of open) {
    const kind = type === "function_call" ? "function call" : "custom tool call";
    throw invalidRequest(`No tool output found for ${kind} ${callId}.`, "input");
  }
}
