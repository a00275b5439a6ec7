import type { ChatCompletionRequest, ChatTool } from "../resources/chat/completions/chat-completions.schema.ts";

/** What a request says of calling tools, without the forms it may say it in. */
export interface Calling {
  /** The tools that may be called now. */
  readonly offered: readonly ChatTool[];
  /** `required`: one of them must be called. */
  readonly mode: "none" | "auto" | "required";
  /** One tool was named. */
  readonly named: boolean;
}

type ToolChoice = NonNullable<ChatCompletionRequest["tool_choice"]>;
type Asked = Pick<ChatCompletionRequest, "tools" | "tool_choice">;

export function toolName(tool: ChatTool): string {
  return tool.type === "custom" ? tool.custom.name : tool.function.name;
}

/** The tools that a choice names: one, or those allowed; `undefined` where it names none. */
export function namesIn(choice: ToolChoice | undefined): readonly string[] | undefined {
  if (choice === undefined || typeof choice === "string") return undefined;
  if (choice.type === "function") return [choice.function.name];
  if (choice.type === "custom") return [choice.custom.name];
  return choice.allowed_tools.tools.map((tool) => {
    const named = tool[tool.type === "custom" ? "custom" : "function"] as { name?: unknown } | undefined;
    return String(named?.name ?? tool.name);
  });
}

export function callingOf({ tools = [], tool_choice = "auto" }: Asked): Calling {
  const names = namesIn(tool_choice);
  const offered = names ? tools.filter((tool) => names.includes(toolName(tool))) : tools;
  if (tool_choice === "none" || offered.length === 0) return { offered: [], mode: "none", named: false };
  if (typeof tool_choice === "string") return { offered, mode: tool_choice, named: false };
  if (tool_choice.type === "allowed_tools") return { offered, mode: tool_choice.allowed_tools.mode, named: false };
  return { offered, mode: "required", named: true };
}
