import { invalidRequest } from "../../../errors/catalogue.ts";
import type { ChatCompletionRequest, ChatTool } from "../../chat/completions/chat-completions.schema.ts";
import type { RemoteTools } from "../mcp/remote-tools.ts";
import type { ResponseTool, ResponseToolChoice } from "../responses.tools.schema.ts";

type ChatToolChoice = NonNullable<ChatCompletionRequest["tool_choice"]>;

/**
 * The client's own tools as chat lists them; what remote servers have is offered beside these.
 * @throws ApiError 400 for a tool that only its own service can run
 */
export function chatTools(tools: readonly ResponseTool[]): ChatTool[] {
  return tools.flatMap((tool, index) => (tool.type === "mcp" ? [] : [chatTool(tool, index)]));
}

function chatTool(tool: ResponseTool, index: number): ChatTool {
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

export function chatToolChoice(choice: ResponseToolChoice, remote: RemoteTools | null): ChatToolChoice {
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
    case "mcp":
      return remoteToolChoice(choice, remote);
    default:
      throw invalidRequest(
        `The tool '${choice.type}' is not supported with this model.`,
        "tool_choice",
        "unsupported_value",
      );
  }
}

/** One tool of a remote server, or any of them. */
function remoteToolChoice(
  { server_label = "", name }: Extract<ResponseToolChoice, { type: "mcp" }>,
  remote: RemoteTools | null,
): ChatToolChoice {
  const named = name && remote?.byName(server_label, name) ? remote.functionName(server_label, name) : null;
  if (named !== null) return { type: "function", function: { name: named } };
  const tools = (remote?.functions ?? []).flatMap((tool) =>
    tool.type === "function" && remote?.byFunction(tool.function.name)?.server === server_label
      ? [{ type: "function", function: { name: tool.function.name } }]
      : [],
  );
  if (name || tools.length === 0) {
    throw invalidRequest("The tool that 'tool_choice' names is not among the tools.", "tool_choice", "invalid_value");
  }
  return { type: "allowed_tools", allowed_tools: { mode: "required", tools } };
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
    `The tool '${type}' is not supported with this model. Supported are 'function', 'custom' and 'mcp'.`,
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
