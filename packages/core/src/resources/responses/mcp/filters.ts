import type { McpTool } from "../../../mcp/mcp-connector.ts";
import type { ResponseTool } from "../responses.tools.schema.ts";

export type McpDescription = Extract<ResponseTool, { type: "mcp" }>;
type Filter = { read_only?: boolean | undefined; tool_names?: string[] | undefined };

/** Whether a tool is among those that the request allows. */
export function passesFilter(tool: McpTool, allowed: McpDescription["allowed_tools"]): boolean {
  if (!allowed) return true;
  return Array.isArray(allowed) ? allowed.includes(tool.name) : matches(tool, allowed);
}

/** Whether somebody has to agree to each call; so it is unless the request says otherwise. */
export function needsApproval(tool: McpTool, required: McpDescription["require_approval"]): boolean {
  if (!required || typeof required === "string") return required !== "never";
  return (
    !required.never || !matches(tool, required.never) || (required.always ? matches(tool, required.always) : false)
  );
}

/** A filter with nothing in it is no filter for anything. */
function matches(tool: McpTool, { read_only, tool_names }: Filter): boolean {
  if (read_only === undefined && tool_names === undefined) return false;
  if (tool_names && !tool_names.includes(tool.name)) return false;
  return read_only === undefined || read_only === isReadOnly(tool);
}

function isReadOnly({ annotations }: McpTool): boolean {
  return (annotations as { readOnlyHint?: unknown } | null | undefined)?.readOnlyHint === true;
}
