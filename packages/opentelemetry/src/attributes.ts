import type { Attributes } from "@opentelemetry/api";
import type { BegunCall, SettledCall } from "@outlet/core";
import type { Operation } from "./conventions.ts";

/** Parameters that are numbers, and what the conventions call them. */
const NUMBERS: Readonly<Record<string, string>> = {
  temperature: "gen_ai.request.temperature",
  top_p: "gen_ai.request.top_p",
  frequency_penalty: "gen_ai.request.frequency_penalty",
  presence_penalty: "gen_ai.request.presence_penalty",
  seed: "gen_ai.request.seed",
  max_tokens: "gen_ai.request.max_tokens",
  max_completion_tokens: "gen_ai.request.max_tokens",
  max_output_tokens: "gen_ai.request.max_tokens",
  dimensions: "gen_ai.embeddings.dimension.count",
};
const SERVICE_TIERS = new Set(["auto", "default", "flex", "scale", "priority"]);
const ERROR_CODE = /^[a-z][a-z0-9_.]{0,63}$/;

/** What is known when a call begins: what samplers decide by. Of the request, numbers and names from lists, and never what was said. */
export function requestAttributes(
  { requestId, operationId, request, background }: BegunCall,
  operation: Operation | null,
  provider: string | null,
): Attributes {
  const attributes: Attributes = { "outlet.request.id": requestId };
  if (operationId !== null) attributes["outlet.operation"] = operationId;
  if (background) attributes["outlet.background"] = true;
  if (!operation || provider === null) return attributes;
  attributes["gen_ai.operation.name"] = operation.name;
  attributes["gen_ai.provider.name"] = provider;
  if (operation.api) attributes["openai.api.type"] = operation.api;
  if (!request) return attributes;
  if (typeof request.model === "string") attributes["gen_ai.request.model"] = request.model;
  if (request.stream === true) attributes["gen_ai.request.stream"] = true;
  if (typeof request.n === "number" && request.n !== 1) attributes["gen_ai.request.choice.count"] = request.n;
  for (const [name, attribute] of Object.entries(NUMBERS)) {
    const value = request[name];
    if (typeof value === "number") attributes[attribute] = value;
  }
  const tier = request.service_tier;
  if (typeof tier === "string" && SERVICE_TIERS.has(tier)) attributes["openai.request.service_tier"] = tier;
  const format = formatOf(request);
  if (format !== null) attributes["gen_ai.output.type"] = format;
  return attributes;
}

/** `json` or `text`, where the request says which. */
function formatOf({ response_format, text }: Readonly<Record<string, unknown>>): "json" | "text" | null {
  const format = response_format ?? (text as { format?: unknown } | null | undefined)?.format;
  const type = (format as { type?: unknown } | null | undefined)?.type;
  if (type === "json_object" || type === "json_schema") return "json";
  return type === "text" ? "text" : null;
}

/** What is known when it has ended. */
export function endAttributes(call: SettledCall): Attributes {
  const { usage, principal, snapshot, firstTokenMs, cost, emulated, status, outcome } = call;
  const attributes: Attributes = { "outlet.status": status, "outlet.outcome": outcome };
  if (call.model !== null) attributes["gen_ai.request.model"] = call.model;
  if (snapshot !== null) attributes["gen_ai.response.model"] = snapshot;
  if (firstTokenMs !== null) attributes["gen_ai.response.time_to_first_chunk"] = firstTokenMs / 1000;
  if (principal) {
    attributes["outlet.principal.id"] = principal.id;
    if (principal.organization) attributes["outlet.organization"] = principal.organization;
    if (principal.project) attributes["outlet.project"] = principal.project;
  }
  if (cost !== null) attributes["outlet.cost_nanodollars"] = cost;
  if (emulated.length > 0) attributes["outlet.emulated"] = emulated;
  if (!usage) return attributes;
  attributes["gen_ai.usage.input_tokens"] = usage.input_tokens;
  attributes["gen_ai.usage.output_tokens"] = usage.output_tokens;
  attributes["gen_ai.usage.cache_read.input_tokens"] = usage.cached_tokens;
  attributes["gen_ai.usage.reasoning.output_tokens"] = usage.reasoning_tokens;
  if (usage.input_audio_tokens) attributes["gen_ai.usage.audio.input_tokens"] = usage.input_audio_tokens;
  if (usage.output_audio_tokens) attributes["gen_ai.usage.audio.output_tokens"] = usage.output_audio_tokens;
  if (usage.input_image_tokens) attributes["gen_ai.usage.image.input_tokens"] = usage.input_image_tokens;
  return attributes;
}

/** `error.type`: the error's code where it is one, else the status. Null for what did not fail. */
export function errorType({ outcome, error, status }: SettledCall): string | null {
  if (outcome !== "failed") return null;
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === "string" && ERROR_CODE.test(code) ? code : String(status);
}
