import { invalidRequest } from "../../../errors/catalogue.ts";
import type { ChatCompletionRequest } from "./chat-completions.schema.ts";

/** 400s that no schema of single fields can see. */
export function refuseContradictions(request: ChatCompletionRequest): void {
  if (request.stream_options && !request.stream) {
    throw invalidRequest("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options");
  }
  if (request.top_logprobs && !request.logprobs) {
    throw invalidRequest("The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.", "top_logprobs");
  }
  if (request.tool_choice && request.tool_choice !== "none" && !request.tools?.length) {
    throw onlyWith("tool_choice", "tools");
  }
  if (request.parallel_tool_calls !== undefined && !request.tools?.length) {
    throw onlyWith("parallel_tool_calls", "tools");
  }
  if (request.function_call && !request.functions) throw onlyWith("function_call", "functions");
  if (request.max_tokens && request.max_completion_tokens) {
    throw invalidRequest(
      "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
      "max_tokens",
    );
  }
}

function onlyWith(param: string, needed: string) {
  return invalidRequest(
    `Invalid value for '${param}': '${param}' is only allowed when '${needed}' are specified.`,
    param,
  );
}
