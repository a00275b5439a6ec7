import { invalidRequest } from "../../../errors/catalogue.ts";
import type { ChatCompletionRequest, ChatTool } from "../../chat/completions/chat-completions.schema.ts";
import type { ResponseTool, ResponseToolChoice } from "../responses.tools.schema.ts";

type ChatToolChoice = NonNullable<ChatCompletionRequest["tool_choice"]>;

/** Tools as chat lists them. @throws ApiError 400 for a tool that only its own service can run */
export function chatTools(tools: readonly ResponseTool[]): ChatTool[] {
  return tools.map((tool, index) => {
    if (tool.type === "function") {
      const { name, description, parameters, strict } = tool;
      refuseDeferred(tool, index);
      return {
        type: "function",
        function: {
          name,
          ...(description != null && { description }),
          ...(parameters != null && { parameters }),
          ...(strict != null && { strict }),
        },
      };
    }
    if (tool.type === "custom") {
      const { name, description, format } = tool;
      refuseDeferred(tool, index);
      return {
        type: "custom",
        custom: {
          name,
          ...(description !== undefined && { description }),
          ...(format && { format: customFormat(format) }),
        },
      };
    }
    throw toolUnsupported(tool.type, index);
  });
}

type CustomFormat = NonNullable<Extract<ResponseTool, { type: "custom" }>["format"]>;

function customFormat(format: CustomFormat) {
  if (format.type === "text") return format;
  const { definition, syntax } = format;
  return { type: "grammar" as const, grammar: { definition, syntax } };
}

/** What needs a model that looks for its tools, or programs that call them. */
function refuseDeferred(
  tool: {
    defer_loading?: boolean | undefined;
    async?: boolean | undefined;
    allowed_callers?: string[] | null | undefined;
  },
  index: number,
): void {
  if (tool.defer_loading) throw fieldUnsupported(index, "defer_loading");
  if (tool.async) throw fieldUnsupported(index, "async");
  if (tool.allowed_callers && !tool.allowed_callers.includes("direct"))
    throw fieldUnsupported(index, "allowed_callers");
}

export function chatToolChoice(choice: ResponseToolChoice): ChatToolChoice {
  if (typeof choice === "string") return choice;
  switch (choice.type) {
    case "function":
      return { type: "function", function: { name: choice.name } };
    case "custom":
      return { type: "custom", custom: { name: choice.name } };
    case "allowed_tools": {
      const tools = choice.tools.map(nested);
      return { type: "allowed_tools", allowed_tools: { mode: choice.mode, tools } };
    }
    default:
      throw invalidRequest(
        `The tool '${choice.type}' is not supported with this model.`,
        "tool_choice",
        "unsupported_value",
      );
  }
}

/** `{type, name}` as chat has it: the name under the type. */
function nested(tool: Record<string, unknown>): Record<string, unknown> {
  const { type, name } = tool;
  if ((type !== "function" && type !== "custom") || typeof name !== "string") {
    throw invalidRequest(
      "Each of the allowed tools needs a 'type' of 'function' or 'custom' and a 'name' with this model.",
      "tool_choice.tools",
      "unsupported_value",
    );
  }
  return { type, [type]: { name } };
}

function toolUnsupported(type: string, index: number) {
  return invalidRequest(
    `The tool '${type}' is not supported with this model. Supported are 'function' and 'custom'.`,
    `tools[${index}].type`,
    "unsupported_value",
  );
}

function fieldUnsupported(index: number, field: string) {
  const param = `tools[${index}].${field}`;
  return invalidRequest(
    `Unsupported parameter: '${param}' is not supported with this model.`,
    param,
    "unsupported_parameter",
  );
}
