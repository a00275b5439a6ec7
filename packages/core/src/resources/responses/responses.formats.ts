import { invalidRequest } from "../../errors/catalogue.ts";
import type { Item } from "../../items/item.types.ts";
import { strictSchemaProblem } from "../../json-schema/strict-subset.ts";
import type { ResponseRequest } from "./responses.schema.ts";

/**
 * Refuses what `text.format` and `tools` must not be, where core asks an engine itself; a far side with Responses of its own looks
 * for itself.
 * https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 */
export function refuseFormats({ text, instructions, tools = [] }: ResponseRequest, context: readonly Item[]): void {
  const format = text?.format;
  if (format?.type === "json_object" && !/json/i.test(instructions ?? "") && !context.some(mentionsJson)) {
    throw invalidRequest(
      "Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'.",
      "input",
    );
  }
  if (format?.type === "json_schema" && format.strict) {
    const problem = strictSchemaProblem(format.schema);
    if (problem) {
      const message = `Invalid schema for response_format '${format.name}': ${problem}`;
      throw invalidRequest(message, "text.format.schema", "invalid_json_schema");
    }
  }
  refuseTools(tools ?? []);
}

function mentionsJson(item: Item): boolean {
  return item.type === "message" && item.content.some((part) => "text" in part && /json/i.test(part.text));
}

function refuseTools(tools: NonNullable<ResponseRequest["tools"]>): void {
  const names = new Set<string>();
  for (const [index, tool] of tools.entries()) {
    if (tool.type !== "function" && tool.type !== "custom") continue;
    if (names.has(tool.name)) throw invalidRequest("Tool names must be unique.", `tools[${index}].name`);
    names.add(tool.name);
    if (tool.type !== "function" || !tool.strict) continue;
    const problem = strictSchemaProblem(tool.parameters);
    if (problem) {
      const message = `Invalid schema for function '${tool.name}': ${problem}`;
      throw invalidRequest(message, `tools[${index}].parameters`, "invalid_function_parameters");
    }
  }
}
