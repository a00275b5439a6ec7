import type { McpResult } from "@outlet/core";

interface Content {
  readonly type: string;
  readonly text?: string;
}

/** A tool's result as one text: what it says, or its JSON where it is more than words. */
export function outputOf(result: Readonly<Record<string, unknown>>): McpResult {
  const content = (Array.isArray(result.content) ? result.content : []) as Content[];
  if (result.isError === true) return { error: { type: "mcp_tool_execution_error", content } };
  if (content.length > 0 && content.every(({ type }) => type === "text")) {
    return { output: content.map(({ text = "" }) => text).join("\n") };
  }
  return { output: JSON.stringify(content.length > 0 ? content : (result.structuredContent ?? null)) };
}
