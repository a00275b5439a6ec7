import { namesIn, toolName } from "../../../chat/tool-choice.ts";
import { invalidRequest, missingParameter } from "../../../errors/catalogue.ts";
import { strictSchemaProblem } from "../../../json-schema/strict-subset.ts";
import type { ChatCompletionRequest, ChatMessage } from "./chat-completions.schema.ts";

/**
 * Refuses what `response_format` and `tools` must not be, where core asks an engine itself; an upstream that a request is
 * relayed to looks for itself.
 * https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 */
export function refuseFormats(request: ChatCompletionRequest): void {
  refuseFormat(request);
  refuseTools(request);
}

function refuseFormat({ response_format, messages }: ChatCompletionRequest): void {
  if (response_format?.type === "json_object" && !messages.some(mentionsJson)) {
    throw invalidRequest(
      "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
      "messages",
    );
  }
  if (response_format?.type !== "json_schema") return;
  const { name, schema, strict } = response_format.json_schema;
  if (!strict) return;
  if (schema === undefined) throw missingParameter("response_format.json_schema.schema");
  const problem = strictSchemaProblem(schema);
  if (problem) throw invalidRequest(`Invalid schema for response_format '${name}': ${problem}`, "response_format");
}

function mentionsJson({ content }: ChatMessage): boolean {
  if (typeof content === "string") return /json/i.test(content);
  return content?.some((part) => part.type === "text" && /json/i.test(part.text)) ?? false;
}

function refuseTools(request: ChatCompletionRequest): void {
  const { tools = [], functions = [], tool_choice, function_call } = request;
  if (!request.tools && !request.functions && !tool_choice && !function_call) return;
  const names = new Set<string>();
  for (const [index, tool] of tools.entries()) {
    const name = toolName(tool);
    if (names.has(name)) throw invalidRequest("Tool names must be unique.", `tools[${index}].${tool.type}.name`);
    names.add(name);
    if (tool.type === "function" && tool.function.strict) {
      refuseParameters(tool.function, `tools[${index}].function.parameters`);
    }
  }
  const missing = namesIn(tool_choice)?.find((name) => !names.has(name));
  if (missing !== undefined) {
    throw invalidRequest(`Tool choice '${missing.slice(0, 64)}' not found in 'tools' parameter.`, "tool_choice");
  }
  const known = new Set<string>();
  for (const [index, { name }] of functions.entries()) {
    if (known.has(name)) throw invalidRequest("Function names must be unique.", `functions[${index}].name`);
    known.add(name);
  }
  if (typeof function_call === "object" && !known.has(function_call.name)) {
    const name = function_call.name.slice(0, 64);
    throw invalidRequest(`Function call '${name}' not found in 'functions' parameter.`, "function_call");
  }
}

function refuseParameters({ name, parameters }: { name: string; parameters?: unknown }, param: string): void {
  const problem = strictSchemaProblem(parameters);
  if (problem) {
    throw invalidRequest(`Invalid schema for function '${name}': ${problem}`, param, "invalid_function_parameters");
  }
}
