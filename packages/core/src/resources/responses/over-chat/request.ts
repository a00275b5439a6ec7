import type { Item } from "../../../items/item.types.ts";
import type { ChatCompletionRequest } from "../../chat/completions/chat-completions.schema.ts";
import type { RemoteTools } from "../mcp/remote-tools.ts";
import type { ResponseRequest } from "../responses.schema.ts";
import type { ResponseToolChoice } from "../responses.tools.schema.ts";
import { chatMessages, type Places } from "./messages.ts";
import { chatToolChoice, chatTools } from "./tools.ts";

/** Parameters that mean the same in both APIs. */
const SHARED = [
  "prompt_cache_key",
  "prompt_cache_retention",
  "safety_identifier",
  "service_tier",
  "temperature",
  "top_p",
  "user",
] as const;

/** What is different about each time that a model is asked for one response. */
export interface Turn {
  readonly remote: RemoteTools | null;
  readonly toolChoice: ResponseToolChoice | undefined;
  readonly maxOutputTokens: number | null | undefined;
}

/** The chat that is the same question: what a model is asked that has no Responses of its own. */
export function chatRequest(
  request: ResponseRequest & { model: string },
  input: readonly Item[],
  places: Places,
  { remote, maxOutputTokens, toolChoice }: Turn,
): ChatCompletionRequest {
  const { text, reasoning, tools = [], parallel_tool_calls, top_logprobs } = request;
  const shared = Object.fromEntries(SHARED.flatMap((name) => (request[name] == null ? [] : [[name, request[name]]])));
  const all = [...chatTools(tools), ...(remote?.functions ?? [])];
  const offered = all.length > 0 ? all : undefined;
  const logprobs = wantsLogprobs(request);
  return {
    ...shared,
    model: request.model,
    messages: chatMessages(input, request.instructions, places, remote?.functionName),
    stream: request.stream === true,
    ...(offered && {
      tools: offered,
      ...(toolChoice !== undefined && { tool_choice: chatToolChoice(toolChoice, remote) }),
      ...(parallel_tool_calls != null && { parallel_tool_calls }),
    }),
    ...(maxOutputTokens != null && { max_completion_tokens: maxOutputTokens }),
    ...(text?.format && text.format.type !== "text" && { response_format: responseFormat(text.format) }),
    ...(text?.verbosity && { verbosity: text.verbosity }),
    ...(reasoning?.effort && { reasoning_effort: reasoning.effort }),
    ...(logprobs && { logprobs, ...(top_logprobs != null && { top_logprobs }) }),
    ...cacheOptions(request.prompt_cache_options),
  };
}

function wantsLogprobs({ include, top_logprobs }: ResponseRequest): boolean {
  return Boolean(top_logprobs) || include?.includes("message.output_text.logprobs") === true;
}

type Format = NonNullable<NonNullable<ResponseRequest["text"]>["format"]>;

/** The same format, which chat nests one level deeper. */
function responseFormat(format: Format): ChatCompletionRequest["response_format"] {
  if (format.type !== "json_schema") return format;
  const { type, ...json_schema } = format;
  return { type, json_schema };
}

function cacheOptions(
  options: ResponseRequest["prompt_cache_options"],
): Pick<ChatCompletionRequest, "prompt_cache_options"> {
  const { mode, ttl } = options ?? {};
  if (mode === undefined && ttl === undefined) return {};
  return { prompt_cache_options: { ...(mode && { mode }), ...(ttl === "30m" && { ttl }) } };
}
